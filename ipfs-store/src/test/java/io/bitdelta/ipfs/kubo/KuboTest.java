package io.bitdelta.ipfs.kubo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.Pattern;
import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockNotFoundException;
import io.bitdelta.ipfs.block.CorruptBlockException;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.block.MemoryBlockstore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.peers.KuboPeer;
import io.bitdelta.ipfs.unixfs.Hashing;
import io.bitdelta.ipfs.unixfs.ImportProfile;
import io.bitdelta.ipfs.unixfs.UnixFsImporter;
import io.bitdelta.ipfs.unixfs.UnixFsReader;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against js-ipfs, directly and through a proxy that spoils answers. */
final class KuboTest {
    private static final byte[] CONTENT = Pattern.bytes(700_000);

    @TempDir
    private static Path folder;

    private static Vertx vertx;
    private static KuboPeer peer;
    private static FaultyProxy proxy;
    private static KuboClient client;
    private static KuboClient behindFaults;
    private static final MemoryBlockstore LOCAL = new MemoryBlockstore();
    private static Cid root;

    @BeforeAll
    static void start() throws Exception {
        peer = KuboPeer.start(folder.resolve("repo"));
        vertx = Vertx.vertx();
        proxy = new FaultyProxy(vertx, peer.api());
        client = new KuboClient(KuboEndpoint.of(peer.api()));
        behindFaults =
                new KuboClient(new KuboEndpoint(proxy.api(), null, Duration.ofSeconds(3), 3, Duration.ofMillis(10)));
        root = new UnixFsImporter(LOCAL, ImportProfile.KUBO_CIDV1, Hashing.PLAIN)
                .importStream(new ByteArrayInputStream(CONTENT), Progress.NONE)
                .root();
    }

    @AfterAll
    static void stop() throws Exception {
        if (peer != null) {
            peer.close();
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void saysWhoItIs() throws Exception {
        assertThat(client.id()).startsWith("12D3");
        assertThat(client.version()).isNotBlank();
        assertThat(client.repoStat().objects()).isNotNegative();
        assertThat(client.async(client::version).get(10, TimeUnit.SECONDS)).isNotBlank();
    }

    @Test
    void keepsAFileUnderTheIdentifierChosenHere() throws Exception {
        client.add(LOCAL, root);
        assertThat(client.pinned(root)).isTrue();
        MemoryBlockstore back = new MemoryBlockstore();
        client.export(root, back::put);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new UnixFsReader(back).copyTo(root, out);
        assertThat(out.toByteArray()).isEqualTo(CONTENT);
        ByteArrayOutputStream direct = new ByteArrayOutputStream();
        assertThat(client.cat(root, direct)).isEqualTo(CONTENT.length);
        assertThat(direct.toByteArray()).isEqualTo(CONTENT);
    }

    @Test
    void storesBlocks() throws Exception {
        KuboBlockstore store = new KuboBlockstore(client);
        Block block = Block.raw(Pattern.bytes(1234));
        // js-ipfs does not heed offline=true and waits for peers, so absence is asked of its list of blocks.
        assertThat(store.cids()).doesNotContain(block.cid());
        store.put(block);
        assertThat(store.has(block.cid())).isTrue();
        assertThat(store.require(block.cid()).data()).isEqualTo(block.data());
        assertThat(client.blockStat(block.cid())).contains(1234L);
        assertThat(store.delete(block.cid())).hasValue(1234);
        assertThat(store.cids()).doesNotContain(block.cid());
    }

    @Test
    void pinsAndCollects() throws Exception {
        Block kept = Block.raw(Pattern.bytes(500));
        Block other = Block.raw(Pattern.bytes(501));
        client.blockPut(kept);
        client.blockPut(other);
        client.pinAdd(kept.cid());
        assertThat(client.pins()).contains(kept.cid());
        client.pinUpdate(kept.cid(), other.cid());
        assertThat(client.pins()).contains(other.cid()).doesNotContain(kept.cid());
        assertThat(client.repoGc()).isPositive();
        assertThat(client.blocks()).doesNotContain(kept.cid());
        assertThat(client.blockGet(other.cid())).isPresent();
        assertThat(client.pinRemove(other.cid())).isTrue();
        assertThat(client.pinRemove(other.cid())).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"STATUS_503", "CUT_HEAD", "CUT_BODY"})
    void passingFaultsAreOutlived(FaultyProxy.Fault fault) throws Exception {
        Block block = Block.raw(Pattern.bytes(2000));
        client.blockPut(block);
        proxy.spoil(fault, 2);
        assertThat(behindFaults.blockGet(block.cid())).contains(block);
        assertThat(proxy.calls()).isEqualTo(3);
        proxy.spoil(fault, 1);
        behindFaults.add(LOCAL, root);
        assertThat(proxy.calls()).isEqualTo(2);
    }

    @Test
    void lastingFaultsEndWithAnErrorThatNamesTheCall() {
        proxy.spoil(FaultyProxy.Fault.STATUS_503, 99);
        assertThatThrownBy(() -> behindFaults.add(LOCAL, root))
                .isInstanceOf(KuboException.class)
                .hasMessageContaining("dag/import")
                .hasMessageContaining(proxy.api().toString())
                .hasMessageContaining("503");
        assertThat(proxy.calls()).isEqualTo(3);
        proxy.spoil(FaultyProxy.Fault.STATUS_500, 99);
        assertThatThrownBy(() -> behindFaults.id()).isInstanceOf(KuboException.class);
        assertThat(proxy.calls()).as("the daemon's refusals are final").isEqualTo(1);
        proxy.spoil(FaultyProxy.Fault.STATUS_503, 0);
    }

    @Test
    void silenceEndsWithTheTimeLimit() {
        proxy.spoil(FaultyProxy.Fault.SILENCE, 99);
        KuboClient impatient =
                new KuboClient(new KuboEndpoint(proxy.api(), null, Duration.ofMillis(200), 2, Duration.ofMillis(1)));
        assertThatThrownBy(impatient::id).isInstanceOf(KuboException.class).hasMessageContaining("id at");
        proxy.spoil(FaultyProxy.Fault.SILENCE, 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"SLOW_BYTES", "STALL_IN_BODY"})
    void anAnswerThatCrawlsEndsWithTheTimeLimitAndIsTriedAgain(FaultyProxy.Fault fault) throws Exception {
        Block block = Block.raw(Pattern.bytes(90_000));
        client.blockPut(block);
        KuboClient impatient =
                new KuboClient(new KuboEndpoint(proxy.api(), null, Duration.ofSeconds(1), 2, Duration.ofMillis(1)));
        proxy.spoil(fault, 1);
        assertThat(impatient.blockGet(block.cid())).contains(block);
        assertThat(proxy.calls()).isEqualTo(2);
        proxy.spoil(fault, 99);
        assertThatThrownBy(() -> impatient.blockGet(block.cid()))
                .isInstanceOf(KuboException.class)
                .hasMessageContaining("block/get")
                .hasMessageContaining("bytes per second");
        proxy.spoil(FaultyProxy.Fault.NONE, 0);
    }

    @Test
    void contentThatCannotBeReadHereIsNotBlamedOnTheDaemon() throws Exception {
        MemoryBlockstore holed = new MemoryBlockstore();
        holed.put(LOCAL.require(root));
        proxy.spoil(FaultyProxy.Fault.NONE, 0);
        assertThatThrownBy(() -> behindFaults.add(holed, root)).isInstanceOf(BlockNotFoundException.class);
        assertThat(proxy.calls()).isLessThanOrEqualTo(1);
    }

    @Test
    void wrongBytesAndWrongIdentifiersAreNeverBelieved() throws Exception {
        Block block = Block.raw(Pattern.bytes(3000));
        client.blockPut(block);
        proxy.spoil(FaultyProxy.Fault.WRONG_BYTES, 1);
        assertThatThrownBy(() -> new KuboBlockstore(behindFaults).get(block.cid()))
                .isInstanceOf(CorruptBlockException.class)
                .hasMessageContaining(block.cid().toString());
        proxy.spoil(FaultyProxy.Fault.WRONG_BYTES, 1);
        assertThatThrownBy(() -> behindFaults.export(root, each -> {})).isInstanceOf(ContentException.class);
        proxy.spoil(FaultyProxy.Fault.WRONG_CID, 1);
        assertThatThrownBy(() -> behindFaults.blockPut(block)).isInstanceOf(HashMismatchException.class);
        proxy.spoil(FaultyProxy.Fault.WRONG_CID, 1);
        assertThatThrownBy(() -> behindFaults.add(LOCAL, root)).isInstanceOf(KuboException.class);
        for (String command : new String[] {"id", "put"}) {
            proxy.spoil(FaultyProxy.Fault.NOT_JSON, 1);
            assertThatThrownBy(() -> {
                        if (command.equals("id")) {
                            behindFaults.id();
                        } else {
                            behindFaults.blockPut(block);
                        }
                    })
                    .isInstanceOf(KuboException.class)
                    .hasMessageContaining("not a JSON object");
        }
    }

    @Test
    void answersOfTheWrongShapeAreRefusedByName() throws Exception {
        Block block = Block.raw(Pattern.bytes(3001));
        client.blockPut(block);
        proxy.spoil(FaultyProxy.Fault.WRONG_TYPES, 99);
        assertThatThrownBy(() -> behindFaults.id()).isInstanceOf(KuboException.class);
        assertThatThrownBy(() -> behindFaults.blockPut(block)).isInstanceOf(KuboException.class);
        assertThatThrownBy(() -> behindFaults.blockStat(block.cid())).isInstanceOf(KuboException.class);
        assertThatThrownBy(() -> behindFaults.add(LOCAL, root)).isInstanceOf(KuboException.class);
        assertThatThrownBy(() -> behindFaults.blocks()).isInstanceOf(KuboException.class);
        assertThatThrownBy(() -> behindFaults.repoStat()).isInstanceOf(KuboException.class);
        assertThat(behindFaults.pins()).isEmpty();
        proxy.spoil(FaultyProxy.Fault.NONE, 0);
    }

    @Test
    void aDaemonThatIsNotThereIsNamed() {
        KuboClient nobody = new KuboClient(new KuboEndpoint(
                URI.create("http://127.0.0.1:1"), "Bearer secret", Duration.ofSeconds(1), 1, Duration.ofMillis(1)));
        assertThatThrownBy(nobody::id)
                .isInstanceOf(KuboException.class)
                .hasMessageContaining("http://127.0.0.1:1")
                .hasMessageNotContaining("secret");
        assertThat(new KuboEndpoint(URI.create("http://x"), "Bearer secret", Duration.ZERO, 1, Duration.ZERO)
                        .toString())
                .doesNotContain("secret");
    }
}
