from newsletter.letters import PREFERENCES, UNSUBSCRIBE, Letter


def compose(issue, language):
    html = f"<p>{getattr(issue, 'body_' + language)}</p><a href='https://x/{UNSUBSCRIBE}'>x</a>{PREFERENCES}"
    return Letter(language, language, getattr(issue, "subject_" + language), html, html)
