package io.bitdelta.attestation.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class TypedDocumentTest {
    private static final String DOMAIN_TYPE = """
            "EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},
            {"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}]""";

    /** The example of EIP-712 with the hashes that the standard states. */
    private static final String MAIL = """
            {"types":{%s,
            "Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}],
            "Mail":[{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}]},
            "primaryType":"Mail",
            "domain":{"name":"Ether Mail","version":"1","chainId":1,
            "verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
            "message":{"from":{"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
            "to":{"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},"contents":"Hello, Bob!"}}""".formatted(DOMAIN_TYPE);

    private static TypedDocument parse(String json) {
        return TypedDocument.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String message(String fieldType, String value) {
        return """
            {"types":{%s,"M":[{"name":"v","type":"%s"}]},"primaryType":"M",
            "domain":{"name":"n","version":"1","chainId":1,"verifyingContract":"0x%s"},"message":{"v":%s}}""".formatted(DOMAIN_TYPE, fieldType, "11".repeat(20), value);
    }

    @Test
    void theExampleOfTheStandardHasItsStatedHashes() {
        TypedDocument mail = parse(MAIL);
        assertThat(mail.encodeType("Mail"))
                .isEqualTo("Mail(Person from,Person to,string contents)Person(string name,address wallet)");
        assertThat(mail.domainSeparator().hex())
                .isEqualTo("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f");
        assertThat(mail.structHash().hex())
                .isEqualTo("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e");
        assertThat(mail.digest().hex()).isEqualTo("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
    }

    @Property(tries = 50)
    void aPublishMessageHasTheDigestOfItsStruct(
            @ForAll @Size(32) byte[] id, @ForAll @LongRange(min = 0) long deadline) {
        Bytes32 delta = Bytes32.of(id);
        EvmAddress registry = EvmAddress.of("0x" + "ab".repeat(20));
        Bytes32 expected = new PublishMessage(delta, Bytes32.ZERO, deadline)
                .digest(new Eip712Domain("BitDeltaRegistry", 31337, registry));
        TypedDocument document =
                parse("""
                {"types":{%s,"Publish":[{"name":"deltaId","type":"bytes32"},{"name":"prev","type":"bytes32"},
                {"name":"deadline","type":"uint256"}]},"primaryType":"Publish",
                "domain":{"name":"BitDeltaRegistry","version":"1","chainId":31337,"verifyingContract":"%s"},
                "message":{"deltaId":"%s","prev":"%s","deadline":"%d"}}""".formatted(DOMAIN_TYPE, registry.hex(), delta.hex(), Bytes32.ZERO.hex(), deadline));
        assertThat(document.digest()).isEqualTo(expected);
        assertThat(document.primaryType()).isEqualTo("Publish");
    }

    @Test
    void spellingsOfOneIntegerGiveOneHash() {
        assertThat(parse(message("uint256", "255")).digest())
                .isEqualTo(parse(message("uint256", "\"255\"")).digest())
                .isEqualTo(parse(message("uint256", "\"0xff\"")).digest())
                .isNotEqualTo(parse(message("uint256", "256")).digest())
                .isNotEqualTo(parse(message("uint128", "255")).digest());
    }

    @Test
    void arraysAndNegativeNumbersAreEncoded() {
        assertThat(parse(message("int8", "-128")).digest())
                .isNotEqualTo(parse(message("int8", "-127")).digest());
        assertThat(parse(message("uint8[]", "[]")).digest())
                .isNotEqualTo(parse(message("uint8[]", "[0]")).digest());
        assertThat(parse(message("uint8[2][]", "[[1,2],[3,4]]")).digest())
                .isNotEqualTo(parse(message("uint8[2][]", "[[1,2],[4,3]]")).digest());
    }

    @Test
    void valuesOutsideTheirTypesAreRefused() {
        for (String[] wrong : List.of(
                new String[] {"uint8", "256"},
                new String[] {"uint8", "-1"},
                new String[] {"int8", "128"},
                new String[] {"int8", "-129"},
                new String[] {"uint256", "\"0x" + "f".repeat(65) + "\""},
                new String[] {"uint256", "\"01\""},
                new String[] {"uint256", "1.5"},
                new String[] {"uint256", "true"},
                new String[] {"bool", "1"},
                new String[] {"string", "5"},
                new String[] {"address", "\"0x11\""},
                new String[] {"bytes4", "\"0x112233\""},
                new String[] {"bytes", "\"112233\""},
                new String[] {"uint8[2]", "[1]"},
                new String[] {"uint8[]", "1"},
                new String[] {"M", "{\"v\":1}"})) {
            assertThatThrownBy(() -> parse(message(wrong[0], wrong[1])))
                    .as("%s %s", wrong[0], wrong[1])
                    .isInstanceOf(JsonException.class);
        }
    }

    @Test
    void unknownTypesMembersAndDomainsAreRefused() {
        for (String wrong : List.of(
                message("uint7", "1"),
                message("uint264", "1"),
                message("bytes33", "\"0x\""),
                message("float", "1"),
                message("uint256", "1").replace("{\"v\":1}", "{\"v\":1,\"w\":2}"),
                message("uint256", "1").replace("{\"v\":1}", "{}"),
                message("uint256", "1").replace("\"primaryType\":\"M\"", "\"primaryType\":\"N\""),
                message("uint256", "1").replace("\"primaryType\":\"M\"", "\"primaryType\":\"EIP712Domain\""),
                message("uint256", "1").replace("\"chainId\":1,", ""),
                message("uint256", "1").replace("\"type\":\"address\"", "\"type\":\"bytes32\""),
                message("uint256", "1").replace("\"message\"", "\"extra\":1,\"message\""),
                message("uint256", "1").replace("EIP712Domain", "Domain"),
                "[]",
                "")) {
            assertThatThrownBy(() -> parse(wrong)).as(wrong).isInstanceOf(JsonException.class);
        }
    }
}
