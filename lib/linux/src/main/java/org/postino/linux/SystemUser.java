// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.nio.file.Path;

/// An account of the system, as its passwd database has it.
public record SystemUser(String name, int uid, int gid, Path home, String shell) {}
