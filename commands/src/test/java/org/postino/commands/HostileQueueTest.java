// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.postino.kit.HostileText;
import org.postino.util.Printable;

final class HostileQueueTest {
    @Test
    void aJsonStringIsExactAndHarmless() throws IOException {
        var mapper = new ObjectMapper();
        for (String text : HostileText.texts(5, 300)) {
            String json = Lines.json(text);
            assertEquals(Printable.text(json), json);
            assertEquals(text, mapper.readValue(json, String.class));
        }
    }
}
