"""A person at a browser: headless Chromium, and what axe-core finds on a page."""

import importlib.util
import shutil
import struct
import time
import unittest
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException, StaleElementReferenceException, TimeoutException)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

WIDE, NARROW = (1280, 860), (390, 844)
# Without a screen Chromium believes in a finger; people here have a mouse and see the keys' hints.
MOUSE = ("--blink-settings=primaryHoverType=2,availableHoverTypes=2,"
         "primaryPointerType=4,availablePointerTypes=4")


class Browser:
    """What a person sees and does."""

    def __init__(self, url, downloads):
        self.url = url
        self.driver = _chromium(downloads)
        self.look(WIDE, "light")

    def close(self):
        self.driver.quit()

    def look(self, size, scheme):
        """The size of the window, and what colours the system prefers."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def open(self, path):
        self.driver.get(path if "://" in path else self.url + path)
        self.settled()

    def settled(self, seconds=20):
        """Waits until the page has what it asked the server for."""
        self.until("the page to be filled", lambda: self.script(
            "return document.readyState === 'complete' && !document.querySelector('[aria-busy]')"),
            seconds)
        time.sleep(0.15)

    def sign_in(self, name, password):
        """From the page that asks for it, wherever that leads."""
        self.fill("#name", name)
        self.fill("#password", password)
        self.click("button[type=submit]")
        self.until("the way in", lambda: not self.path.startswith("/login"))
        self.settled()

    def reload(self):
        self.driver.refresh()
        self.settled()

    @property
    def path(self):
        return self.driver.current_url.removeprefix(self.url)

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def until(self, what, check, seconds=20):
        def tried(_):
            try:
                return check()
            except StaleElementReferenceException:
                return None
        try:
            return WebDriverWait(self.driver, seconds, 0.1).until(tried)
        except TimeoutException:
            raise AssertionError(
                f"waited {seconds} s for {what} at {self.path}; the page says:\n"
                f"{self.text('body')[:3000]}") from None

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector, seconds=20):
        """The first visible element."""
        return self.until(selector, lambda: next(
            (element for element in self.all(selector) if element.is_displayed()), None), seconds)

    def text(self, selector="main"):
        return "\n".join(element.text for element in self.all(selector))

    def says(self, words, seconds=20, within="body"):
        self.until(f"“{words}”", lambda: words in self.text(within), seconds)

    def click(self, selector, seconds=20):
        self._click(selector, lambda: self.all(selector), seconds)

    def press_button(self, words, within="body", seconds=20):
        """Clicks the button or link with these words."""
        self._click(f"a button “{words}”", lambda: [
            element for element in self.all(f"{within} button, {within} a")
            if words in element.text], seconds)

    def _click(self, what, find, seconds):
        """Clicks the first that is visible and enabled, once nothing lies above it."""
        def clicked():
            element = next((one for one in find() if one.is_displayed() and one.is_enabled()), None)
            if element is None:
                return False
            self.script("arguments[0].scrollIntoView({block: 'center'})", element)
            try:
                element.click()
            except ElementClickInterceptedException:
                return False
            return True
        self.until(what, clicked, seconds)

    def drag(self, selector, target):
        """Drags the first element to the middle of another."""
        element, place = self.one(selector), self.one(target)
        self.script("arguments[0].scrollIntoView({block: 'center'})", place)
        ActionChains(self.driver).click_and_hold(element).move_by_offset(8, 8) \
            .move_to_element(place).release().perform()

    def fill(self, selector, text):
        element = self.one(selector)
        element.clear()
        element.send_keys(text)

    def key(self, *keys):
        """Presses keys one after the other, wherever the focus is."""
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def leave_field(self):
        self.script("document.activeElement.blur()")

    def faults(self):
        """What the console said: errors of scripts and refusals of the content policy."""
        refusals = "the server responded with a status of 4"
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE" and refusals not in entry["message"]]

    def violations(self):
        """What axe-core calls serious or critical."""
        self.script(_axe())
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations))")
        return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found
                if one["impact"] in ("serious", "critical")]

    def is_too_wide(self):
        """Whether the page scrolls sideways."""
        return self.script("const root = document.documentElement;"
                           "return root.scrollWidth > root.clientWidth")

    def shoot(self, file):
        """Writes the window as PNG, without messages that go by themselves."""
        self.script("document.querySelectorAll('.toast').forEach(one => one.remove())")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self.driver.get_screenshot_as_png())


def size_of(png):
    """Width and height of a PNG."""
    return struct.unpack(">II", png.read_bytes()[16:24])


def _chromium(downloads):
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not program or not driver:
        raise unittest.SkipTest("chromium and chromedriver are not there: make test-e2e")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage",
                     "--disable-gpu", "--hide-scrollbars", MOUSE):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(driver))
    started.set_script_timeout(60)
    return started


def _axe():
    # The package itself wants another browser's driver; its script alone is needed.
    folder = importlib.util.find_spec("axe_playwright_python").submodule_search_locations[0]
    return (Path(folder) / "axe.min.js").read_text(encoding="utf-8")


__all__ = ["Browser", "Keys", "NARROW", "WIDE", "size_of"]
