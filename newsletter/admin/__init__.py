from newsletter.admin import subscribers

__all__ = ["subscribers"]
