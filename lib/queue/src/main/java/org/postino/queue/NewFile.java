// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// A queue file just made, empty, open for reading and writing; the receiver closes it.
public record NewFile(QueueId id, Path path, FileChannel channel) {}
