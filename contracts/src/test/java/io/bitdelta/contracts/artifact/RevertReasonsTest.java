package io.bitdelta.contracts.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Hash;

class RevertReasonsTest {
    private static final String ALICE = "000000000000000000000000" + "11".repeat(20);

    @Test
    void aCustomErrorHasNameValuesAndASentence() {
        String data = selector("NotAuthorized(address,address)") + ALICE + ALICE.replace("11", "22");
        RevertReason reason = RevertReasons.decode(data).orElseThrow();
        assertThat(reason.name()).isEqualTo("NotAuthorized");
        assertThat(reason.values())
                .containsEntry("identity", "0x" + "11".repeat(20))
                .containsEntry("actor", "0x" + "22".repeat(20));
        assertThat(reason.sentence()).contains("0x" + "22".repeat(20)).doesNotContain("{");
    }

    @Test
    void shortTextsRead() {
        String field = "6261736548617368" + "0".repeat(48);
        RevertReason reason =
                RevertReasons.decode(selector("ZeroField(bytes32)") + field).orElseThrow();
        assertThat(reason.sentence()).isEqualTo("baseHash is zero: it is required");
    }

    @Test
    void solidityErrorsAreReadToo() {
        String text = "0x08c379a0" + "0".repeat(62) + "20" + "0".repeat(62) + "02" + "6e6f" + "0".repeat(60);
        assertThat(RevertReasons.decode(text).orElseThrow().sentence()).isEqualTo("no");
        assertThat(RevertReasons.decode("0x4e487b71" + "0".repeat(62) + "11")
                        .orElseThrow()
                        .values())
                .containsEntry("code", "0x11");
    }

    @Test
    void everyErrorThatOurSourcesDeclareHasASentenceWithoutOpenPlaces() throws Exception {
        Pattern declaration = Pattern.compile("error (\\w+)\\(([^)]*)\\);");
        TreeSet<String> declared = new TreeSet<>();
        try (var files = Files.walk(Path.of("src"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".sol")).toList()) {
                Matcher matcher = declaration.matcher(Files.readString(file));
                while (matcher.find()) {
                    declared.add(matcher.group(1));
                }
            }
        }
        assertThat(declared).hasSizeGreaterThan(60).allMatch(Sentences::knows);
        assertThat(RevertReasons.names()).containsAll(declared);
    }

    @Test
    void everyErrorOfEveryAbiHasASentenceThatFillsItsPlaces() {
        assertThat(RevertReasons.names()).hasSizeGreaterThan(90).allMatch(Sentences::knows);
        for (String name : RevertReasons.names()) {
            RevertReasons.fieldsOf(name).forEach(fields -> {
                var values = new java.util.LinkedHashMap<String, String>();
                fields.forEach(field -> values.put(field, "x"));
                assertThat(Sentences.of(name, values)).as(name).doesNotContain("{");
            });
        }
    }

    @Property
    void noDataMakesItThrow(@ForAll byte[] data) {
        RevertReasons.decode("0x" + java.util.HexFormat.of().formatHex(data));
    }

    @Property
    void noTextMakesItThrow(@ForAll String data) {
        RevertReasons.decode(data);
    }

    private static String selector(String signature) {
        return Hash.sha3String(signature).substring(0, 10);
    }
}
