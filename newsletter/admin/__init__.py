from newsletter.admin import deliveries, imports, issues, subscribers, suppressions, tags

__all__ = ["deliveries", "imports", "issues", "subscribers", "suppressions", "tags"]
