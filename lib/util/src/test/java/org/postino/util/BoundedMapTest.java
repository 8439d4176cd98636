// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

final class BoundedMapTest {
    private static String keys(BoundedMap<String, Integer> map) {
        return String.join(" ", map.entries().stream().map(BoundedMap.Entry::key).toList());
    }

    private static BoundedMap<String, Integer> filled(BoundedMap<String, Integer> map) {
        for (String key : List.of("a", "b", "c")) {
            map.put(key, 1, 10);
        }
        return map;
    }

    @Test
    void theFirstOfTooManyGoes() {
        BoundedMap<String, Integer> map = filled(BoundedMap.byAge(3, 100));
        map.get("a");
        map.put("b", 2, 10);
        map.put("d", 1, 10);
        assertEquals("c b d", keys(map));
        assertEquals(2, map.get("b"));
        assertNull(map.get("a"));
        assertEquals(30, map.weight());
    }

    @Test
    void theOneThatNobodyAskedForLongestGoes() {
        BoundedMap<String, Integer> map = filled(BoundedMap.byUse(3, 100));
        map.get("a");
        map.put("d", 1, 10);
        assertEquals("c a d", keys(map));
    }

    @Test
    void asManyGoAsAHeavyOneNeedsAndTheLastStaysWhateverItWeighs() {
        BoundedMap<String, Integer> map = filled(BoundedMap.byAge(9, 30));
        map.put("d", 1, 15);
        assertEquals("c d", keys(map));
        assertEquals(25, map.weight());
        map.put("e", 1, 1000);
        assertEquals("e", keys(map));
        map.put("f", 1, 30);
        assertEquals("f", keys(map));
        assertEquals(30, map.weight());
    }

    @Test
    void whatIsTakenOutWeighsNothing() {
        BoundedMap<String, Integer> map = filled(BoundedMap.byAge(9, 100));
        map.remove("b");
        map.remove("none");
        assertEquals(20, map.weight());
        map.removeIf(entry -> entry.key().equals("a"));
        assertEquals("c", keys(map));
        assertEquals(10, map.weight());
        map.clear();
        assertEquals(0, map.weight());
        assertEquals(0, map.size());
    }
}
