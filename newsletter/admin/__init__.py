from newsletter.admin import bounces, subscribers

__all__ = ["bounces", "subscribers"]
