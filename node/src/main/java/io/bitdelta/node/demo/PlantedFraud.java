package io.bitdelta.node.demo;

import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.DeltaHeader;
import io.bitdelta.engine.codec.LayoutEntry;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** What a dishonest proposer does: turns signs of a soup against its members' vote, and lies about their votes when asked. */
public final class PlantedFraud {
    private PlantedFraud() {}

    /**
     * Copies a soup with the first 64 signs of its middle tensor turned.
     *
     * @return the tensor's name
     */
    public static String forge(Path honest, Path target) throws IOException {
        byte[] bytes = Files.readAllBytes(honest);
        DeltaHeader header = DeltaFile.readHeader(honest);
        List<LayoutEntry.Sign> signs = header.signs();
        LayoutEntry.Sign sign = signs.get(signs.size() / 2);
        long begin = header.entries().stream()
                .filter(entry -> entry.name().equals(sign.signName(0)))
                .findFirst()
                .orElseThrow()
                .begin();
        int at = Math.toIntExact(header.encode().length + begin);
        for (int i = at; i < at + Long.BYTES; i++) {
            bytes[i] ^= (byte) 0xFF;
        }
        Path temporary = target.resolveSibling(target.getFileName() + ".forging");
        Files.write(temporary, bytes);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return sign.name();
    }

    /**
     * Members' words changed as little as it takes for their majority to be what the fraud claims.
     *
     * @param truth what the members committed to
     * @param claimed the word of the forged result
     */
    public static List<BigInteger> forgedWords(List<BigInteger> truth, BigInteger claimed) {
        List<BigInteger> words = new ArrayList<>(truth);
        int majority = (truth.size() + 1) / 2;
        for (int bit = 0; bit < 256; bit++) {
            boolean wanted = claimed.testBit(bit);
            int ones = count(words, bit);
            for (int member = 0; member < words.size() && (ones >= majority) != wanted; member++) {
                if (words.get(member).testBit(bit) != wanted) {
                    words.set(member, words.get(member).flipBit(bit));
                    ones += wanted ? 1 : -1;
                }
            }
        }
        return words;
    }

    private static int count(List<BigInteger> words, int bit) {
        return (int) words.stream().filter(word -> word.testBit(bit)).count();
    }
}
