from newsletter.admin import deliveries, subscribers

__all__ = ["deliveries", "subscribers"]
