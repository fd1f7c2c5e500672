from comments.admin.comment import CommentAdmin
from comments.admin.move import MoveAdmin
from comments.admin.policy import PolicyAdmin

__all__ = ["CommentAdmin", "MoveAdmin", "PolicyAdmin"]
