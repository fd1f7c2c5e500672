from newsletter.admin import issues, subscribers

__all__ = ["issues", "subscribers"]
