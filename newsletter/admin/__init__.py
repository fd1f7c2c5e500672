from newsletter.admin import bounces, deliveries, imports, issues, subscribers, suppressions, tags

__all__ = ["bounces", "deliveries", "imports", "issues", "subscribers", "suppressions", "tags"]
