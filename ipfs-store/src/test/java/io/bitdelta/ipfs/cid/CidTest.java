package io.bitdelta.ipfs.cid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CidTest {
    private static final String EMPTY_RAW = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";

    @Test
    void namesEmptyBytes() {
        Cid cid = Cid.ofRaw(new byte[0]);
        assertThat(cid).hasToString(EMPTY_RAW).isEqualTo(Cid.parse(EMPTY_RAW));
        assertThat(cid.codec()).isEqualTo(Codec.RAW);
        assertThat(HexFormat.of().formatHex(cid.digest()))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(cid.bytes()).startsWith(1, 0x55, 0x12, 0x20).hasSize(36);
        assertThat(Cid.rawSha256(cid.digest())).isEqualTo(cid);
    }

    @Test
    void readsEverySupportedBase() {
        Cid cid = Cid.parse(EMPTY_RAW);
        assertThat(Cid.parse(EMPTY_RAW.toUpperCase(Locale.ROOT))).isEqualTo(cid);
        assertThat(Cid.parse("f" + HexFormat.of().formatHex(cid.bytes()))).isEqualTo(cid);
        assertThat(Cid.parse("z" + Base58.encode(cid.bytes()))).isEqualTo(cid);
    }

    @Test
    void versionZeroIsDagPbAndHasAVersionOneForm() {
        Cid cid = Cid.parse("QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH");
        assertThat(cid.version()).isZero();
        assertThat(cid.codec()).isEqualTo(Codec.DAG_PB);
        assertThat(cid).hasToString("QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH");
        assertThat(cid.toV1()).hasToString("bafybeif7ztnhq65lumvvtr4ekcwd2ifwgm3awq4zfr3srh462rwyinlb4y");
    }

    @Test
    void identityCarriesItsData() {
        Cid cid = Cid.parse("bafkqaaa");
        assertThat(cid.isIdentity()).isTrue();
        assertThat(cid.digest()).isEmpty();
        assertThat(cid.matches(new byte[0])).isTrue();
        assertThat(Cid.identity("hi".getBytes(StandardCharsets.UTF_8)).matches(new byte[] {'h', 'i'}))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "b",
                "Q",
                "hello",
                "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykv", // a padding bit is set
                "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk", // one character short
                "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykua", // one too many
                "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk1",
                "BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKu",
                "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQ0",
                "zQmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH",
                "f01551220",
                "f0155122100", // wrong digest length
                "f0155b220200000000000000000000000000000000000000000000000000000000000000000", // blake2b
                "f8100551220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", // long varint
                "f02551220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            })
    void refusesWhatIsNotTheOneEncodingOfASupportedIdentifier(String text) {
        assertThatThrownBy(() -> Cid.parse(text))
                .isInstanceOf(InvalidCidException.class)
                .hasMessageContaining("not a CID");
    }

    @Property
    void textAndBytesRoundTrip(@ForAll @Size(32) byte[] digest, @ForAll @LongRange(min = 0) long codec) {
        Cid cid = Cid.sha256(codec, digest);
        assertThat(Cid.parse(cid.toString())).isEqualTo(cid);
        assertThat(Cid.ofBytes(cid.bytes())).isEqualTo(cid);
        assertThat(Cid.parse("z" + Base58.encode(cid.bytes()))).isEqualTo(cid);
        assertThat(cid.codec()).isEqualTo(codec);
        assertThat(cid.digest()).isEqualTo(digest);
    }

    @Property
    void anyTextIsACidOrRefused(@ForAll String text) {
        try {
            assertThat(Cid.parse(Cid.parse(text).toString())).isEqualTo(Cid.parse(text));
        } catch (InvalidCidException e) {
            assertThat(e).hasMessageContaining("not a CID");
        }
    }

    @Property
    void anyBytesAreACidOrRefused(@ForAll @Size(max = 40) byte[] bytes) {
        try {
            assertThat(Cid.ofBytes(bytes).bytes()).isEqualTo(bytes);
        } catch (InvalidCidException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Property
    void base58KeepsLeadingZeros(@ForAll @Size(max = 60) byte[] data) {
        assertThat(Base58.decode(Base58.encode(data))).isEqualTo(data);
        assertThat(Base32.decode(Base32.encode(data))).isEqualTo(data);
    }
}
