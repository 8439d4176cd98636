// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.ArrayList;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.OwnNetworks;

/// The addresses of this machine, as a list of networks.
final class OwnAddresses {
    private OwnAddresses() {}

    static List<String> of(Config config) {
        var list = new ArrayList<String>();
        for (var address : OwnNetworks.addresses(config)) {
            String text = Client.text(address);
            list.add(text.indexOf(':') < 0 ? text : "[" + text + "]");
        }
        return list;
    }
}
