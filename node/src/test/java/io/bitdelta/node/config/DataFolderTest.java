package io.bitdelta.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
    @TempDir
    Path parent;

    @Test
    void oneFolderHasOneHolder() throws IOException {
        Path root = parent.resolve("data");
        try (DataFolder first = DataFolder.open(root)) {
            assertThat(first.root()).isEqualTo(root);
            assertThatThrownBy(() -> DataFolder.open(root))
                    .isInstanceOf(FolderUnusableException.class)
                    .hasMessageContaining("in use")
                    .hasMessageContaining(root.toString());
        }
        DataFolder.open(root).close();
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "x");
        assertThatThrownBy(() -> DataFolder.open(file))
                .isInstanceOf(FolderUnusableException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void secretsAreReadableByTheirOwnerAlone() throws IOException {
        Path secret = parent.resolve("secret");
        DurableFiles.writeSecret(secret, new byte[] {1});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNoLitter() throws IOException {
        Path folder = Files.createDirectory(parent.resolve("target"));
        assertThatThrownBy(() -> DurableFiles.write(folder, new byte[] {1})).isInstanceOf(IOException.class);
        try (var entries = Files.list(parent)) {
            assertThat(entries).containsExactly(folder);
        }
    }
}
