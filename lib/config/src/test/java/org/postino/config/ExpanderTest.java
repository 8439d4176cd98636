// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpanderTest {
    private static final Map<String, String> VALUES =
            Map.of("a", "foo", "e", "", "n", "10", "level", "3.9", "x_1", "under");

    private static String expand(String text) throws ValueException {
        return Expander.expand(text, VALUES::get);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            emptyValue = "",
            value = {
                "plain|plain",
                "$a|foo",
                "${a}|foo",
                "$(a)|foo",
                "${ a }|foo",
                "<$a>|<foo>",
                "$x_1.b|under.b",
                "$$a|$a",
                "$unset-|-",
                "${a?yes}|yes",
                "${e?yes}-|-",
                "${a:no}-|-",
                "${e:no}|no",
                "${unset:$a}|foo",
                "${a?{x }:{y}}z|x z",
                "${e?{x}:{y}}|y",
                "${e ? { x } : { y } }|' y '",
                "${a ? b}| b",
                "${a?${e:{deep}}}|deep",
                "${{1} == {1}}|true",
                "${domain_to_ascii{$a.test}}|foo.test",
                ".${domain_to_ascii{b\u00fccher.test}}.|.xn--bcher-kva.test.",
                "${domain_to_ascii{a..b}}|a..b",
                "[${{1} == {2}}]|[]",
                "${{1} != {2} ? {yes} : {no}}|yes",
                "${{$n} > {9} ? {yes} : {no}}|yes",
                "${{10} < {9} ? {yes} : {no}}|no",
                "${{b} < {a} ? {yes} : {no}}|no",
                "${{b} >= {a}?{yes}:{no}}|yes",
                "${{2} <= {2}?{yes}:{no}}|yes",
                "${{ 1 } == {1}?{yes}:{no}}|no",
                "${{a}=={a} ?yes}|yes",
                "${{a}=={b} :no}|no",
                "${{$level} <level {3.10} ? {yes} : {no}}|yes",
                "${{3.10} >level {3.9} ? {yes} : {no}}|yes",
                "${{3} ==level {3.0.0} ? {yes} : {no}}|yes",
                "${{3.6} >=level {3.6} ? {yes} : {no}}|yes",
                "${{3.6} <=level {3.5.9} ? {yes} : {no}}|no",
                "${{1} !=level {2} ? {yes} : {no}}|yes",
            })
    void aTextExpands(String text, String expected) throws ValueException {
        assertEquals(expected.replace("' y '", " y "), expand(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$",
                "$ a",
                "${a",
                "${}",
                "${a.b}",
                "${{a} = {b}}",
                "${{a} ~ {b} ? {c}}",
                "${{a} == b}",
                "${{x} <level {1}}",
                "${{1.2.3.4} <level {1}}",
                "${a?{b}:c}",
                "${a?{b}:{c}d}",
                "$(a"
            })
    void aBadTextIsRefused(String text) {
        assertThrows(ValueException.class, () -> expand(text));
    }

    @Test
    void aValueIsNotExpandedAgain() throws ValueException {
        assertEquals("$b", Expander.expand("$a", Map.of("a", "$b", "b", "no")::get));
    }
}
