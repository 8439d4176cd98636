// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class XtextTest {
    @Test
    void textReadsBackAsItWasEncoded() {
        for (String text : new String[] {"", "abc", "a+b=c d", "\u00e9\u4e2d\n", "++"}) {
            assertEquals(Optional.of(text), Xtext.decode(Xtext.encode(text)));
        }
        assertEquals("a+2Bb+3Dc", Xtext.encode("a+b=c"));
    }

    @Test
    void whatIsNotXtextIsRefused() {
        for (String text : new String[] {"a+", "a+4", "a+4g", "a b", "a=b", "a+2b", "+FF"}) {
            assertFalse(Xtext.isValid(text), text);
        }
    }

    @Test
    void whatIsNotXtextStandsAsItCame() {
        assertEquals("a b+c", Xtext.decodeLoosely("a+20b+2Bc"));
        assertEquals("100+zz+", Xtext.decodeLoosely("100+zz+"));
        assertEquals("a+0Ab", Xtext.decodeLoosely("a+0Ab"));
        assertEquals("+C3+B6", Xtext.decodeLoosely("+C3+B6"));
    }
}
