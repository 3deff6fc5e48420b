"""The skills, by which the embedded backend answers without a model."""

from voice_assistant.server.skills.reply import Means, Memory, Reply, Unanswered
from voice_assistant.server.skills.skills import Skills

__all__ = ["Means", "Memory", "Reply", "Skills", "Unanswered"]
