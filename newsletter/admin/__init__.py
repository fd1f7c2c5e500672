from newsletter.admin import imports, subscribers, suppressions, tags

__all__ = ["imports", "subscribers", "suppressions", "tags"]
