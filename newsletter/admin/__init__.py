from newsletter.admin import bounces, deliveries, issues, subscribers

__all__ = ["bounces", "deliveries", "issues", "subscribers"]
