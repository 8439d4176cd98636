// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.nio.file.Path;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.util.ByteNames;

/// The file in which verify(8) keeps what it knows, and which master lets it write.
public final class VerifyFile {
    private VerifyFile() {}

    /// The directory for it below `data_directory`, which verify shares with nobody.
    public static Path directory(Config config) {
        return config.get(MainParams.DATA_DIRECTORY).resolve("verify");
    }

    /// The file that `address_verify_map` names, whatever type stands in front; what would lie in `data_directory` itself lies in
    /// [#directory]. Empty if there is to be none.
    public static Optional<Path> of(Config config) {
        String map = config.get(VerifyParams.ADDRESS_VERIFY_MAP).strip();
        String name = map.startsWith("/") ? map : map.substring(map.indexOf(':') + 1);
        if (!name.startsWith("/")) {
            return Optional.empty();
        }
        Path path = ByteNames.path(name).normalize();
        Path data = config.get(MainParams.DATA_DIRECTORY).normalize();
        boolean beside = data.equals(path.getParent());
        return Optional.of(
                beside ? directory(config).resolve(String.valueOf(path.getFileName())) : path);
    }
}
