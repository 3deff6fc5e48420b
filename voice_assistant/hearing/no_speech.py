"""Removes the text that recognisers write when nobody speaks. Pure: text in, spoken words out.

Whisper models, and services built upon them, put a note or a phrase from the end of some video into
a pause, into noise, or after a cough. A note is never a question. A phrase may be a question only
if the recording has enough speech to say the phrase.
"""

from __future__ import annotations

import re
import unicodedata

from voice_assistant.text.letters import letters

NOT_SAID_WITHIN_S = 0.7
"""Seconds of speech that are too few for "Thank you for watching".

The speech that `audio.endpointing` finds in a cough is 0.4 s, in a breath 0.6 s; in the phrase as
flite says it 0.74 s and more.
"""

UNHEARD_S = 0.1
"""Seconds of speech below which `audio.endpointing` counts a recording as silence."""

_CLOSING = (
    "Thank you for watching",
    "Thank you so much for watching",
    "Thank you very much for watching",
    "Thanks for watching",
    "Thanks for watching and see you next time",
    "Thank you for listening",
    "Thanks for listening",
    "Please subscribe",
    "Please subscribe to my channel",
    "Please like and subscribe",
    "Like and subscribe",
    "Don't forget to subscribe",
    "Don't forget to like and subscribe",
    "I'll see you in the next video",
    "See you in the next video",
    "See you next time",
    "you",
    "ご視聴ありがとうございました",
    "ご清聴ありがとうございました",
    "最後までご視聴いただきありがとうございました",
    "チャンネル登録お願いします",
    "チャンネル登録をお願いいたします",
    "谢谢观看",
    "感谢观看",
    "感谢您的观看",
    "謝謝觀看",
    "感謝觀看",
    "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
    "請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目",
    "시청해주셔서 감사합니다",
    "구독과 좋아요 부탁드립니다",
    "Vielen Dank fürs Zuschauen",
    "Danke fürs Zuschauen",
    "Bis zum nächsten Mal",
    "Merci d'avoir regardé cette vidéo",
    "Merci d'avoir regardé",
    "Abonnez-vous",
    "Gracias por ver el video",
    "Gracias por ver",
    "Suscríbete",
    "Obrigado por assistir",
    "Grazie per aver guardato il video",
    "Grazie per la visione",
    "Bedankt voor het kijken",
    "Dziękuję za obejrzenie",
    "Dziękuję za uwagę",
    "Спасибо за просмотр",
    "Продолжение следует",
    "İzlediğiniz için teşekkür ederim",
    "شكرا للمشاهدة",
)

_POLITE = (
    "Thank you",
    "Thank you very much",
    "Thanks",
    "Bye",
    "Bye bye",
    "Okay",
    "Oh",
    "Hmm",
    "Uh",
    "Um",
    "So",
    "ありがとうございました",
    "谢谢",
    "謝謝",
    "감사합니다",
    "Vielen Dank",
    "Merci",
    "Gracias",
    "Obrigado",
    "Grazie",
    "Спасибо",
)

_CREDITS = (
    "Subtitles by",
    "Captions by",
    "Transcription by",
    "Translated by",
    "字幕by",
    "字幕由",
    "字幕製作",
    "字幕制作",
    "字幕志愿者",
    "中文字幕志愿者",
    "Untertitel der",
    "Untertitel im Auftrag",
    "Untertitel von",
    "Untertitelung",
    "Sous-titres réalisés",
    "Sous-titrage",
    "Subtítulos realizados",
    "Subtítulos por la comunidad",
    "Legendas pela comunidade",
    "Sottotitoli creati",
    "Sottotitoli e revisione",
    "Napisy stworzone",
    "Субтитры сделал",
    "Субтитры создавал",
    "Редактор субтитров",
    "Ondertiteld door",
    "Ondertiteling",
)


PHRASES: dict[str, float] = {
    **{letters(phrase): UNHEARD_S for phrase in _POLITE},
    **{letters(phrase): NOT_SAID_WITHIN_S for phrase in _CLOSING},
}
"""The letters of each phrase, and the least seconds of speech that are needed to say it."""

CREDITS = tuple(map(letters, _CREDITS))
"""How the credits of subtitles begin; any name may follow."""

_NOTE = re.compile(
    r"""
      \[ [^\[\]]{2,} \]
    | \( [^()]{2,} \)
    | 【 [^【】]+ 】
    | < [^<>]{2,} >
    | \* [^*]{2,} \*
    | [♪♫♬♩🎵🎶] [^♪♫♬♩🎵🎶]* [♪♫♬♩🎵🎶]
    | \( [^\W\d_a-zA-Z] \)  # one sign that is a word, such as 笑
    """,
    re.VERBOSE,
)
"""A note in brackets. A single letter or digit is not a note: "(a)" and "[1]" answer a choice."""

LONGEST_STOCK = 2000
"""Letters. A longer text is not compared with phrases: it counts as spoken."""


def words_in(text: str, speech_s: float) -> str:
    """Return the spoken words in a recogniser's text.

    Args:
        text: as the recogniser wrote it.
        speech_s: seconds of speech that were found in the recording.

    Returns:
        The text without white space around it; "" if nobody spoke: the text is empty, has only
        notes and punctuation, or only phrases for which there was too little speech.
    """
    text = text.strip()
    notes_out = _NOTE.sub(" ", unicodedata.normalize("NFKC", text))
    said = letters(notes_out)
    if not said or (len(said) <= LONGEST_STOCK and _is_stock(said, speech_s)):
        return ""
    return text


def _is_stock(said: str, speech_s: float) -> bool:
    """Return whether the text has only phrases that take longer to say than `speech_s`."""
    while said:
        if speech_s < NOT_SAID_WITHIN_S and said.startswith(CREDITS):
            return True
        fitting = [
            phrase
            for phrase, least_s in PHRASES.items()
            if said.startswith(phrase) and speech_s < least_s
        ]
        if not fitting:
            return False
        said = said.removeprefix(max(fitting, key=len))
    return True
