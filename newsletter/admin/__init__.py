from newsletter.admin import deliveries, issues, subscribers

__all__ = ["deliveries", "issues", "subscribers"]
