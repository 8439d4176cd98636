// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.config.Problem;
import org.postino.util.Cidr;
import org.postino.util.InetText;

/// Compares the index over a table's networks with asking each of its lines in turn.
class CidrTableTest {
    /// Few different bits, so that networks contain each other and repeat.
    private static InetAddress address(Random random, boolean v4) throws UnknownHostException {
        byte[] bytes = new byte[v4 ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(4) << 6 : 0);
        }
        bytes[bytes.length - 1] = (byte) random.nextInt(8);
        return InetAddress.getByAddress(bytes);
    }

    private static Cidr network(Random random) throws UnknownHostException {
        boolean v4 = random.nextBoolean();
        InetAddress base = address(random, v4);
        return Cidr.of(base, random.nextInt(base.getAddress().length * 8 + 1));
    }

    private static Optional<String> inTurn(List<Cidr> networks, InetAddress address) {
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).contains(address)) {
                return Optional.of("line " + i);
            }
        }
        return Optional.empty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 60, 400})
    void theFirstLineThatContainsAnAddressAnswers(int size) throws Exception {
        var random = new Random(size);
        var networks = new ArrayList<Cidr>();
        var text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            networks.add(network(random));
            text.append(networks.get(i)).append(" line ").append(i).append('\n');
        }
        var problems = new ArrayList<Problem>();
        var table = CidrTable.parse("f", text.toString(), problems);
        assertTrue(problems.isEmpty(), problems.toString());
        for (int i = 0; i < 2000; i++) {
            InetAddress address = address(random, random.nextBoolean());
            assertEquals(
                    inTurn(networks, address),
                    table.lookup(InetText.of(address)),
                    InetText.of(address));
        }
    }
}
