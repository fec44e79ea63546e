package io.bitdelta.ipfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.block.StoreLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreSettingsTest {
    private static final String HIDDEN = "hunter2";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ftp://127.0.0.1", "localhost:5001", "http:///api", "http://user:hunter2@127.0.0.1:5001"})
    void aDaemonNeedsAWebAddressWithoutCredentials(String address) {
        assertThatThrownBy(() -> StoreSettings.Daemon.of(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("daemon")
                .hasMessageNotContaining(HIDDEN);
    }

    @Test
    void aCacheNeedsARedisAddressWithoutCredentials() {
        assertThatThrownBy(() -> StoreSettings.Cache.of(URI.create("redis://:hunter2@127.0.0.1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("env:NAME")
                .hasMessageNotContaining(HIDDEN);
        assertThatThrownBy(() -> StoreSettings.Cache.of(URI.create("http://127.0.0.1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis://");
        assertThatThrownBy(() -> new StoreSettings.Cache(URI.create("redis://h"), null, Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0.999S");
    }

    @Test
    void aBucketNeedsANameAndBothKeysOrNone() {
        assertThatThrownBy(() -> bucket("", "")).hasMessageContaining("bucket");
        assertThatThrownBy(() -> bucket("deltas", "no-slash")).hasMessageContaining("no-slash");
        assertThatThrownBy(() ->
                        new StoreSettings.Bucket(null, "eu-central-1", "deltas", "", Secret.parse("env:ID"), null))
                .hasMessageContaining("both");
    }

    private static StoreSettings.Bucket bucket(String name, String prefix) {
        return new StoreSettings.Bucket(null, "eu-central-1", name, prefix, null, null);
    }

    @Test
    void aSecretIsReadWhereItIsAndNeverShown() throws IOException {
        Path file = folder.resolve("secret");
        Files.writeString(file, HIDDEN + "\n");
        Secret inFile = Secret.parse("file:" + file);
        Secret inVariable = Secret.parse("env:S3_SECRET");
        assertThat(inFile.read()).isEqualTo(HIDDEN);
        assertThat(inVariable.read(Map.of("S3_SECRET", HIDDEN)::get)).isEqualTo(HIDDEN);
        assertThat(new StoreSettings.Bucket(null, "eu-central-1", "deltas", "", inFile, inVariable).toString())
                .contains("env:S3_SECRET", file.toString())
                .doesNotContain(HIDDEN);
    }

    @Test
    void aSecretThatIsNotThereIsNamed() throws IOException {
        assertThatThrownBy(() -> Secret.parse("env:BITDELTA_NO_SUCH_VARIABLE").read())
                .isInstanceOf(SecretUnreadableException.class)
                .hasMessageContaining("env:BITDELTA_NO_SUCH_VARIABLE");
        Path file = folder.resolve("absent");
        assertThatThrownBy(() -> Secret.parse("file:" + file).read())
                .isInstanceOf(SecretUnreadableException.class)
                .hasMessageContaining(file.toString());
        Files.writeString(file, "\n");
        assertThatThrownBy(() -> Secret.parse("file:" + file).read()).hasMessageContaining("empty");
        assertThatThrownBy(() -> Secret.parse(HIDDEN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("env:NAME")
                .hasMessageNotContaining(HIDDEN);
    }

    @Test
    void aStoreOfFilesIsNotOpenedAsAnother() throws IOException {
        Path store = folder.resolve("store");
        ContentStore.open(store).close();
        StoreSettings objects = new StoreSettings.ObjectStore(bucket("deltas", ""), null, null, null);
        assertThatThrownBy(() -> ContentStore.open(store, objects))
                .isInstanceOf(StoreLayoutException.class)
                .hasMessageContaining("files")
                .hasMessageContaining("deltas");
        StoreSettings daemon =
                new StoreSettings.Kubo(StoreLimits.DEFAULT, StoreSettings.Daemon.of(URI.create("http://127.0.0.1:1")));
        ContentStore.open(store, daemon).close();
        Files.writeString(store.resolve("layout"), "something else");
        assertThatThrownBy(() -> ContentStore.open(store)).isInstanceOf(StoreLayoutException.class);
    }

    @Test
    void aStoreFromBeforeThereWereLayoutsHasFiles() throws IOException {
        Path store = folder.resolve("store");
        ContentStore.open(store).close();
        Files.delete(store.resolve("layout"));
        StoreSettings objects = new StoreSettings.ObjectStore(bucket("deltas", ""), null, null, null);
        assertThatThrownBy(() -> ContentStore.open(store, objects)).isInstanceOf(StoreLayoutException.class);
        ContentStore.open(store).close();
    }
}
