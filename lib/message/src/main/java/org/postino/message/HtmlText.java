// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The text of HTML as people read it: without tags, comments, styles and scripts, with its entities. In one pass, and forgiving: what is
/// no tag is text.
public final class HtmlText {
    /// Elements whose content nobody reads.
    private static final Set<String> UNREAD =
            Set.of("head", "script", "style", "template", "title");

    /// Elements within a word; all others part words.
    private static final Set<String> INLINE =
            Set.of(
                    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins",
                    "kbd", "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup",
                    "tt", "u", "var", "wbr");

    private static final int LONGEST_ENTITY = 10;
    private static final Map<String, Integer> ENTITIES = entities();

    private final String html;
    private final StringBuilder text = new StringBuilder();
    private int at;

    private HtmlText(String html) {
        this.html = html;
    }

    /// The text; blanks are as they come, many in a row too.
    public static String of(String html) {
        var reading = new HtmlText(html);
        while (reading.at < html.length()) {
            reading.step();
        }
        return reading.text.toString();
    }

    private void step() {
        char c = html.charAt(at);
        if (c == '<' && html.startsWith("<!--", at)) {
            skipTo(html.indexOf("-->", at + 4), 3);
        } else if (c == '<' && isTag()) {
            tag();
        } else if (c == '&') {
            entity();
        } else {
            text.append(c);
            at++;
        }
    }

    private void skipTo(int place, int length) {
        at = place < 0 ? html.length() : place + length;
    }

    private boolean isTag() {
        char next = at + 1 < html.length() ? html.charAt(at + 1) : ' ';
        return next == '/' || next == '!' || next == '?' || isLetter(next);
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private void tag() {
        boolean end = html.charAt(at + 1) == '/';
        int from = end ? at + 2 : at + 1;
        int to = from;
        while (to < html.length() && Character.isLetterOrDigit(html.charAt(to))) {
            to++;
        }
        var name = html.substring(from, Math.min(to, from + 16)).toLowerCase(Locale.ROOT);
        at = to;
        attributes();
        if (!end && UNREAD.contains(name)) {
            skipElement(name);
        }
        if (!INLINE.contains(name)) {
            text.append(' ');
        }
    }

    /// Goes behind the end of the tag; a `>` in quotes is none.
    private void attributes() {
        char quote = 0;
        for (; at < html.length(); at++) {
            char c = html.charAt(at);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '>') {
                at++;
                return;
            } else if ((c == '"' || c == '\'') && html.charAt(at - 1) == '=') {
                quote = c;
            }
        }
    }

    private void skipElement(String name) {
        var end = "</" + name;
        while (at < html.length() && !html.regionMatches(true, at, end, 0, end.length())) {
            at++;
        }
    }

    private void entity() {
        int end = at + 1;
        while (end < html.length() && end - at <= LONGEST_ENTITY && isEntity(html.charAt(end))) {
            end++;
        }
        int c = end - at > LONGEST_ENTITY ? -1 : character(html.substring(at + 1, end));
        if (c < 0) {
            text.append('&');
            at++;
            return;
        }
        text.appendCodePoint(c);
        at = end < html.length() && html.charAt(end) == ';' ? end + 1 : end;
    }

    private static boolean isEntity(char c) {
        return c == '#' || isLetter(c) || (c >= '0' && c <= '9');
    }

    /// The character of an entity, -1 if there is none.
    private static int character(String name) {
        if (!name.startsWith("#")) {
            return ENTITIES.getOrDefault(name, -1);
        }
        boolean hex = name.startsWith("#x") || name.startsWith("#X");
        try {
            int c = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
            boolean isText = Character.isValidCodePoint(c) && (c < 0xd800 || c > 0xdfff) && c > 0;
            return isText ? c : 0xfffd;
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    private static Map<String, Integer> entities() {
        var all = new HashMap<String, Integer>();
        String[] latin1 =
                """
                nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro \
                para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil \
                Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave \
                Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
                igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute \
                thorn yuml\
                """
                        .split(" ");
        for (int i = 0; i < latin1.length; i++) {
            all.put(latin1[i], 0xa0 + i);
        }
        all.putAll(Map.of("amp", 0x26, "lt", 0x3c, "gt", 0x3e, "quot", 0x22, "apos", 0x27));
        all.putAll(Map.of("ndash", 0x2013, "mdash", 0x2014, "hellip", 0x2026, "euro", 0x20ac));
        all.putAll(Map.of("lsquo", 0x2018, "rsquo", 0x2019, "ldquo", 0x201c, "rdquo", 0x201d));
        all.putAll(Map.of("zwnj", 0x200c, "zwj", 0x200d, "bull", 0x2022, "trade", 0x2122));
        return all;
    }
}
