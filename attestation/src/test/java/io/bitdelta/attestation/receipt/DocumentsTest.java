package io.bitdelta.attestation.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.receipt.Metering.Performance;
import io.bitdelta.attestation.receipt.Metering.Privacy;
import io.bitdelta.attestation.receipt.Metering.Resources;
import io.bitdelta.attestation.typed.ComputeReceiptStruct;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents that stand beside a receipt and are hashed into it. */
final class DocumentsTest {
    private static final Bytes32 PARAMS = Bytes32.of("0x" + "07".repeat(32));
    private static final String TEXT =
            "{\"functionCall\":\"compress\",\"performanceMetrics\":{\"compressionRatio\":\"15.9\",\"safetyScore\":\"1\"},"
                    + "\"privacy\":{\"deltaE18\":10000000000000,\"epsilonMilli\":3500,\"paramsHash\":\"0x"
                    + "07".repeat(32)
                    + "\"},\"resources\":{\"cpuMillis\":1,\"elapsedMillis\":2,\"gpuMillis\":3,\"peakBytes\":9007199254740991}}";
    private static final Metering METERING = new Metering(
            "compress",
            new Performance(Optional.of("15.9"), Optional.empty(), Optional.of("1")),
            new Privacy(10_000_000_000_000L, 3500, PARAMS),
            new Resources(1, 2, 3, JsonValue.INTEGER_BOUND - 1));
    private static final Citations CITATIONS = new Citations(List.of("bafyB", "bafyA"));

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void meteringIsTheTextOfTheFormatAndComesBack() {
        assertThat(new String(METERING.bytes(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
        assertThat(Metering.parse(utf8(TEXT))).isEqualTo(METERING);
        assertThat(METERING.hash()).isEqualTo(Keccak256.of(utf8(TEXT)));
        String measured = TEXT.replace("\"safetyScore\"", "\"qualityScore\":\"0.875\",\"safetyScore\"");
        assertThat(Metering.parse(utf8(measured)).performance().qualityScore()).contains("0.875");
    }

    @Test
    void citationsAreAnArrayInItsOrderAndComeBack() {
        assertThat(new String(CITATIONS.bytes(), StandardCharsets.UTF_8)).isEqualTo("[\"bafyB\",\"bafyA\"]");
        assertThat(Citations.parse(CITATIONS.bytes())).isEqualTo(CITATIONS);
        assertThat(CITATIONS.hash()).isEqualTo(Keccak256.of(CITATIONS.bytes()));
        assertThat(Citations.parse(utf8("[]")).works()).isEmpty();
    }

    @Test
    void aReceiptIsDescribedByItsOwnDocumentsOnly() {
        ComputeReceipt receipt = new ComputeReceipt(new ComputeReceiptStruct(
                BigInteger.ONE,
                BigInteger.ONE,
                BigInteger.ONE,
                PARAMS,
                PARAMS,
                PARAMS,
                PARAMS,
                PARAMS,
                100,
                200,
                METERING.hash(),
                CITATIONS.hash(),
                "did:lux:31337:0x" + "11".repeat(20),
                "did:lux:31337:0x" + "22".repeat(20)));
        assertThat(receipt.describedBy(METERING, CITATIONS)).isTrue();
        assertThat(receipt.describedBy(METERING, new Citations(List.of("bafyA", "bafyB"))))
                .isFalse();
        Metering other = new Metering("train", METERING.performance(), METERING.privacy(), METERING.resources());
        assertThat(receipt.describedBy(other, CITATIONS)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "01", "1.", ".5", "1.50", "1.0", "-1", "1e3", "NaN", "1234567890123456", "+1", "1 "})
    void measuresAreDecimalsOfOneSpelling(String text) {
        assertThatThrownBy(() -> new Performance(Optional.of(text), Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("compressionRatio");
        assertThatThrownBy(() -> new Performance(Optional.empty(), Optional.of(text), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("qualityScore");
        assertThatThrownBy(() -> new Performance(Optional.empty(), Optional.empty(), Optional.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("safetyScore");
        assertThatThrownBy(() -> Metering.parse(utf8(TEXT.replace("15.9", text))))
                .isInstanceOf(JsonException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "-1,0,0",
        "10000000000001,1,7",
        "0,-1,7",
        "0,16777216,7",
        "0,1,0",
        "1,0,0",
        "0,0,7",
        "1,0,7",
    })
    void aPrivacyClaimIsWholeOrAbsent(long deltaE18, int epsilonMilli, int params) {
        Bytes32 hash = params == 0 ? Bytes32.ZERO : PARAMS;
        assertThatThrownBy(() -> new Privacy(deltaE18, epsilonMilli, hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("privacy");
    }

    @Test
    void theLargestClaimsAndResourcesAreTaken() {
        assertThat(new Privacy(10_000_000_000_000L, (1 << 24) - 1, PARAMS).epsilonMilli())
                .isEqualTo(16_777_215);
        assertThat(new Privacy(0, 1, PARAMS).deltaE18()).isZero();
        assertThat(Privacy.NONE.paramsHash().isZero()).isTrue();
        for (int i = 0; i < 4; i++) {
            long[] v = new long[4];
            v[i] = JsonValue.INTEGER_BOUND - 1;
            assertThat(Metering.parse(new Metering(
                                            "x",
                                            METERING.performance(),
                                            Privacy.NONE,
                                            new Resources(v[0], v[1], v[2], v[3]))
                                    .bytes())
                            .resources())
                    .isEqualTo(new Resources(v[0], v[1], v[2], v[3]));
            for (long bad : new long[] {-1, JsonValue.INTEGER_BOUND}) {
                v[i] = bad;
                assertThatThrownBy(() -> new Resources(v[0], v[1], v[2], v[3]))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void callsArePrintable() {
        for (String call : List.of("", "a\n", "é", "x".repeat(257))) {
            assertThatThrownBy(
                            () -> new Metering(call, METERING.performance(), METERING.privacy(), METERING.resources()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        String longest = "x".repeat(256);
        assertThat(new Metering(longest, METERING.performance(), METERING.privacy(), METERING.resources())
                        .functionCall())
                .isEqualTo(longest);
    }

    @Test
    void membersThatAreNotOfTheFormatAreRefused() {
        for (String broken : List.of(
                TEXT.replace("\"cpuMillis\":1", "\"cpuMillis\":-1"),
                TEXT.replace("\"gpuMillis\":3,", ""),
                TEXT.replace("{\"functionCall\"", "{\"a\":1,\"functionCall\""),
                TEXT.replace("{\"cpuMillis\"", "{\"a\":1,\"cpuMillis\""),
                TEXT.replace("{\"compressionRatio\"", "{\"a\":1,\"compressionRatio\""),
                TEXT.replace("\"epsilonMilli\":3500", "\"epsilonMilli\":0"),
                TEXT.replace("compress\"", "\\u00e9\""),
                TEXT.replace(":1,", ": 1,"))) {
            assertThat(broken).isNotEqualTo(TEXT);
            assertThatThrownBy(() -> Metering.parse(utf8(broken))).as(broken).isInstanceOf(JsonException.class);
        }
    }

    @Test
    void worksAreNamedOnceAndVisibly() {
        for (List<String> works : List.of(
                List.of("a", "a"),
                List.of(""),
                List.of("a b"),
                List.of("é"),
                List.of("x".repeat(257)),
                IntStream.rangeClosed(0, Citations.MAX_WORKS)
                        .mapToObj(String::valueOf)
                        .toList())) {
            assertThatThrownBy(() -> new Citations(works)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new Citations(IntStream.range(0, Citations.MAX_WORKS)
                                .mapToObj(String::valueOf)
                                .toList())
                        .works())
                .hasSize(Citations.MAX_WORKS);
        assertThat(new Citations(Collections.singletonList("x".repeat(256))).works())
                .hasSize(1);
        for (String broken : List.of("{}", "[1]", "[\"a\",\"a\"]", "[ ]", "\"a\"")) {
            assertThatThrownBy(() -> Citations.parse(utf8(broken))).as(broken).isInstanceOf(JsonException.class);
        }
    }
}
