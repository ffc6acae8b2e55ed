"""What a person does beside the window: the browser in which a sign-in is answered."""
import re
import urllib.parse
import urllib.request

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch(url, form=None):
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    with OPENER.open(urllib.request.Request(url, data=data), timeout=20) as answer:
        return answer.geturl(), answer.read().decode()


def pick_account(url, html):
    """Answers the page on which an account is picked, as a click on its first button does."""
    session = re.search('name="session" value="([^"]+)"', html)[1]
    account = re.search('<button[^>]*name="account" value="([^"]+)"', html)[1]
    action = re.search('action="([^"]+)"', html)[1]
    return fetch(urllib.parse.urljoin(url, action), {"session": session, "account": account})


def use_code(address, code):
    """Types the code of a device sign-in at its address, then picks the account."""
    url, html = fetch(address, {"code": code})
    return pick_account(url, html)[1]


def sign_in(address):
    """Opens the sign-in page, picks the account, and follows the way back to the application."""
    url, html = fetch(address)
    return pick_account(url, html)[1]
