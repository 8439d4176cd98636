// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HtmlTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a<b>b</B>c<br>d|abc d",
                "<p>a</p>|` a `",
                "1 < 2 and <3|1 < 2 and <3",
                "<style>a{}</style>b<script>if (a<b) {}</SCRIPT>c|`  b  c`",
                "<style>never closed|` `",
                "a<!-- <p> -- > x -->b<!-- open|ab",
                "<a href=\"x>y\" title='>'>t</a>|t",
                "<a title=it's>t</a>|t",
                "<a href=\"open>t|``",
                "&lt;&amp;&GT;&nbsp|<&&GT;\u00a0",
                "&#65;&#x42;&#X43&#xd800;&#0;&#99999999999;|ABC\ufffd\ufffd&#99999999999;",
                "&auml;&Auml;&yuml;&hellip;|\u00e4\u00c4\u00ff\u2026",
                "&bogus; & &;|&bogus; & &;",
                "a</|`a `",
                "a<|a<",
            })
    void textOfHtml(String html, String text) {
        assertEquals(text, HtmlText.of(html));
    }
}
