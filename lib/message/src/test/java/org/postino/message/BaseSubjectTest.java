// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BaseSubjectTest {
    /// The third column says whether it is a reply or forward.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello|hello|false",
                "'  hello \t  world '|hello world|false",
                "Re: hello|hello|true",
                "re:hello|hello|true",
                "RE  : hello|hello|true",
                "Re: Fw: FWD: re: hello|hello|true",
                "Re[2]: hello|hello|true",
                "Re [x y] : hello|hello|true",
                "[list] Re: hello|hello|true",
                "[list] hello|hello|false",
                "[a] [b] hello|hello|false",
                "[a][b]re: [c] Fwd: [d] hello|hello|true",
                "[only]|[only]|false",
                "[a] [only]|[only]|false",
                "Re: [only]|[only]|true",
                "hello (fwd)|hello|true",
                "hello (FWD) (fwd)|hello|true",
                "hello(fwd)|hello|true",
                "[fwd: hello]|hello|true",
                "[Fwd: [list] Re: hello (fwd)] (fwd)|hello|true",
                "Re: [fwd: [fwd: hello]]|hello|true",
                "[fwd: hello|[fwd: hello|false",
                "Re:|''|true",
                "''|''|false",
                "(fwd)|''|true",
                "[fwd:]|''|true",
                "reply: hello|reply: hello|false",
                "Re hello|Re hello|false",
                "Rex: hello|Rex: hello|false",
                "fwdd: hello|fwdd: hello|false",
                "[a[b] hello|[a[b] hello|false",
                "[a]] hello|] hello|false",
                "AW: hello|AW: hello|false",
                "=?utf-8?q?Re:_gr=C3=BC=C3=9Fe?=|gr\u00fc\u00dfe|true",
                "=?utf-8?q?=5Blist=5D?= =?utf-8?q?_hello?=|hello|false",
            })
    void subjects(String field, String base, boolean answers) {
        var subject = BaseSubject.of(field);
        assertEquals(base, subject.text());
        assertEquals(answers, subject.isReplyOrForward());
    }

    @ParameterizedTest
    @CsvSource({"[a],[a]", "re:,''", "[a]re:,''", "(fwd),''", "re[,re[", "[fwd:,[fwd:"})
    void manyOfAKind(String piece, String end) {
        var base = BaseSubject.of(piece.repeat(150)).text();
        assertEquals(end.equals("[a]") ? end : end.repeat(150), base);
    }
}
