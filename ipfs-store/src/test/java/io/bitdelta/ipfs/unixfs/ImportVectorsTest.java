package io.bitdelta.ipfs.unixfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.ipfs.Pattern;
import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.Shared;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The importer's identifiers are those of two other implementations. */
final class ImportVectorsTest {
    private static final long DEFAULT_TIER_BYTES = 50_000_000;

    @ParameterizedTest
    @CsvSource({
        "0,       unixfs-v1-2025,      bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku, 1, 0",
        "1048576, unixfs-v1-2025,      bafkreigl4kzgeba2rw2h3bclzlgpvj3n42jmufaq5gjadgfskbcfc5pbxa, 1, 1048576",
        "1048577, unixfs-v1-2025,      bafybeics73zsnujkgr7fxco76dwmec4iumw3cbjaci4yqyubwwv75rci6e, 3, 1048681",
        "262145,  kubo-cidv1-256k-174, bafybeiarmnsuysfm6isa7dphlf65rydo7ibar5rjh4437ipzby7m4abkky, 3, 262249",
        "0,       cidv0,               QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH,              1, 6",
        "1,       cidv0,               QmQGb6CHE3S7BK7gJCBNNnDAALk8pXokXH8Krhy77nsEma,              1, 9",
        "1048577, cidv0,               QmeS5Xg8wfGYQ6ehN47wkDaCJDKdapmWRF8xRrSYAEMw5w,              6, 1048885",
    })
    void knownContentHasItsKnownIdentifier(long bytes, String profile, String cid, long blocks, long treeBytes)
            throws Exception {
        for (int threads = 1; threads <= 3; threads++) {
            ImportResult result = count(bytes, ImportProfile.named(profile), threads);
            assertThat(result.root()).hasToString(cid);
            assertThat(result.bytes()).isEqualTo(bytes);
            assertThat(result.blocks()).isEqualTo(blocks);
            assertThat(result.treeBytes()).isEqualTo(treeBytes);
        }
    }

    @Test
    void everySmallSharedVectorMatches() throws Exception {
        vectors()
                .filter(each -> each.get("bytes").asLong() <= DEFAULT_TIER_BYTES)
                .forEach(ImportVectorsTest::check);
    }

    @Test
    @Tag("long")
    void everyLargeSharedVectorMatchesWithoutHoldingItInMemory() throws Exception {
        vectors()
                .filter(each -> each.get("bytes").asLong() > DEFAULT_TIER_BYTES)
                .forEach(ImportVectorsTest::check);
    }

    private static Stream<JsonNode> vectors() throws Exception {
        return JsonMapper.shared()
                .readTree(Files.readAllBytes(Shared.require("vectors/ipfs/cids.json")))
                .get("vectors")
                .valueStream();
    }

    private static void check(JsonNode vector) {
        for (ImportProfile profile :
                new ImportProfile[] {ImportProfile.UNIXFS_V1_2025, ImportProfile.KUBO_CIDV1, ImportProfile.CIDV0}) {
            JsonNode expected = vector.get(profile.name());
            try {
                ImportResult result = count(vector.get("bytes").asLong(), profile, 2);
                assertThat(result.root()).hasToString(expected.get("cid").asString());
                assertThat(result.blocks()).isEqualTo(expected.get("blocks").asLong());
                assertThat(result.treeBytes())
                        .isEqualTo(expected.get("cumulativeSize").asLong());
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static ImportResult count(long bytes, ImportProfile profile, int threads) throws java.io.IOException {
        try (InputStream source = Pattern.stream(bytes)) {
            return new UnixFsImporter(new ForgettingStore(), profile, Hashing.threads(threads))
                    .importStream(source, Progress.NONE);
        }
    }
}
