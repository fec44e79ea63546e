package io.bitdelta.attestation.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.AppraisalResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table of every member of a signed document without fixed offsets (JSON, XML, CBOR, DER): what a verifier says when the
 * member changes under the old signature, and when whoever changed it could sign again.
 */
public final class MemberTable {
    private final String title;
    private final Map<String, UnaryOperator<byte[]>> members = new LinkedHashMap<>();
    private final Map<String, UnaryOperator<byte[]>> signatures = new LinkedHashMap<>();

    /** A table without members. */
    public MemberTable(String title) {
        this.title = title;
    }

    /** Adds a member by the change that is made to it. */
    public MemberTable member(String name, UnaryOperator<byte[]> change) {
        members.put(name, change);
        return this;
    }

    /** Adds a member of a text: the first group of a pattern's first match is replaced. */
    public MemberTable text(String name, String pattern, String replacement) {
        return member(name, replacing(pattern, replacement));
    }

    /** Adds a part of the signature itself, which cannot be signed again. */
    public MemberTable signature(String name, UnaryOperator<byte[]> change) {
        signatures.put(name, change);
        return this;
    }

    /** Replaces the character that a pattern's first group finds by another one of base64 and, whatever the case, of base 16. */
    public static UnaryOperator<byte[]> otherCharacter(String pattern) {
        return bytes -> {
            Matcher matcher =
                    Pattern.compile(pattern, Pattern.DOTALL).matcher(new String(bytes, StandardCharsets.ISO_8859_1));
            assertThat(matcher.find()).as(pattern).isTrue();
            return replacing(pattern, matcher.group(1).equalsIgnoreCase("A") ? "B" : "A")
                    .apply(bytes);
        };
    }

    /** Replaces the first group of a pattern's first match. */
    public static UnaryOperator<byte[]> replacing(String pattern, String replacement) {
        return bytes -> {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
            assertThat(matcher.find()).as("%s is in %s", pattern, text).isTrue();
            return (text.substring(0, matcher.start(1)) + replacement + text.substring(matcher.end(1)))
                    .getBytes(StandardCharsets.ISO_8859_1);
        };
    }

    /** Flips the lowest bit of a byte behind a place that is found by its bytes. */
    public static UnaryOperator<byte[]> flipping(byte[] place, int behind) {
        return flipping(place, behind, 1, 1);
    }

    /**
     * Flips bits of a byte behind the n-th place with these bytes.
     *
     * @param behind the place's end; negative for a byte of the place itself
     */
    public static UnaryOperator<byte[]> flipping(byte[] place, int behind, int nth, int mask) {
        return bytes -> {
            byte[] changed = bytes.clone();
            int found = 0;
            for (int i = 0; i + place.length <= bytes.length; i++) {
                if (Arrays.equals(bytes, i, i + place.length, place, 0, place.length) && ++found == nth) {
                    changed[i + place.length + behind] ^= (byte) mask;
                    return changed;
                }
            }
            throw new AssertionError("the place to change is not there");
        };
    }

    /**
     * Every key of a JSON text must be the last part of a member's name.
     *
     * @return this
     */
    public MemberTable covering(String json) {
        Set<String> named = new LinkedHashSet<>();
        members.keySet()
                .forEach(name -> named.addAll(
                        Arrays.asList(name.replaceAll("\\[[0-9]+\\]", "").split("\\."))));
        Matcher keys = Pattern.compile("\"([A-Za-z]+)\":").matcher(json);
        while (keys.find()) {
            assertThat(named).as("%s: the members cover the document", title).contains(keys.group(1));
        }
        return this;
    }

    /**
     * Changes each member once under the old signature and once signed again, and compares with the table on the page.
     *
     * @param unsigned judges a document changed after it was signed
     * @param signedAgain judges a document changed before it is signed
     * @param notJudged the members that a signer may fill as it likes
     */
    public void check(FieldTable.Judge unsigned, FieldTable.Judge signedAgain, Set<String> notJudged) throws Exception {
        StringBuilder out = new StringBuilder(
                "## " + title + "\n| member | changed once | changed and signed again |\n|---|---|---|\n");
        for (Map.Entry<String, UnaryOperator<byte[]>> member : members.entrySet()) {
            AppraisalResult plain = unsigned.judge(member.getValue());
            assertThat(plain.affirming()).as("%s: %s", title, member.getKey()).isFalse();
            AppraisalResult again = signedAgain.judge(member.getValue());
            assertThat(again.affirming())
                    .as("%s: %s signed again: %s", title, member.getKey(), again.findings())
                    .isEqualTo(notJudged.contains(member.getKey()));
            out.append("| " + member.getKey() + " | " + FieldPage.reasons(plain) + " | " + FieldPage.reasons(again)
                    + " |\n");
        }
        for (Map.Entry<String, UnaryOperator<byte[]>> part : signatures.entrySet()) {
            AppraisalResult plain = unsigned.judge(part.getValue());
            assertThat(plain.affirming()).as("%s: %s", title, part.getKey()).isFalse();
            out.append("| " + part.getKey() + " | " + FieldPage.reasons(plain) + " | the signature itself |\n");
        }
        FieldPage.compare(title, out.toString());
    }
}
