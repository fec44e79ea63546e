package io.bitdelta.engine.soup;

import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.DeltaHeader;
import io.bitdelta.engine.codec.DeltaMetadata;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.work.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A soup by coordinate-wise vote over 1-bit deltas of one base and one layout. For votes in {-1, +1} the sign of every
 * trimmed mean is this majority; a sign is certified when {@code |sum of votes| > byzantine}.
 */
public final class MajoritySoup {
    private static final int CHUNK = 1 << 16;
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final List<DeltaFile> members;
    private final SoupRule rule;
    private final int byzantine;
    private long uncertified;

    private MajoritySoup(List<DeltaFile> members, SoupRule rule, int byzantine) {
        this.members = members;
        this.rule = rule;
        this.byzantine = byzantine;
    }

    /**
     * Mixes deltas.
     *
     * @param members delta files of the same base and the same sign layout, 1 bit; their tensors in full are ignored
     * @param out the soup, a delta file of sign objects only
     * @param rule majority or certified majority
     * @param byzantine how many members may be hostile; {@code 2 * byzantine < members}
     * @throws SoupMemberException if a delta does not fit the others
     * @throws IllegalArgumentException if there is no member or the bound is out of range
     * @throws IOException if reading or writing fails
     */
    public static SoupReport mix(List<Path> members, Path out, SoupRule rule, int byzantine) throws IOException {
        long start = System.nanoTime();
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a soup takes at least one member");
        }
        if (byzantine < 0 || 2L * byzantine >= members.size()) {
            throw new IllegalArgumentException("byzantine must be at least 0 and below half of %d members, not %d"
                    .formatted(members.size(), byzantine));
        }
        List<DeltaFile> open = new ArrayList<>();
        try {
            for (Path member : members) {
                open.add(DeltaFile.open(member));
                checkMember(open.getFirst(), open.getLast());
            }
            MajoritySoup soup = new MajoritySoup(open, rule, byzantine);
            soup.write(out);
            return soup.report(out, start);
        } finally {
            open.forEach(DeltaFile::close);
        }
    }

    private static void checkMember(DeltaFile first, DeltaFile member) {
        List<LayoutEntry.Sign> signs = member.header().signs();
        if (signs.isEmpty()) {
            throw new SoupMemberException(member.path(), "it has no signs to vote with");
        }
        for (LayoutEntry.Sign sign : signs) {
            if (sign.bits() != 1) {
                throw new SoupMemberException(
                        member.path(), "tensor %s has %d bits, members have 1".formatted(sign.name(), sign.bits()));
            }
            if (member.abstain(sign).isPresent()) {
                throw new SoupMemberException(member.path(), "it abstains on some coordinates of " + sign.name());
            }
        }
        Hash32 base = first.header().metadata().baseHash();
        if (!member.header().metadata().baseHash().equals(base)) {
            throw new SoupMemberException(
                    member.path(),
                    "its base is %s, that of %s is %s"
                            .formatted(member.header().metadata().baseHash(), first.path(), base));
        }
        if (!signs.equals(first.header().signs())) {
            throw new SoupMemberException(
                    member.path(),
                    "its sign layout %s is not the %s of %s"
                            .formatted(
                                    member.header().layoutHash(), first.header().layoutHash(), first.path()));
        }
    }

    private void write(Path out) throws IOException {
        DeltaFile first = members.getFirst();
        DeltaMetadata metadata = new DeltaMetadata(
                first.header().metadata().baseHash(), DeltaMetadata.ScaleOrigin.VOTE, Optional.empty(), domain());
        DeltaHeader header = DeltaHeader.place(
                metadata,
                first.header().signs().stream()
                        .map(sign -> new DeltaHeader.Planned(sign, Dtype.F32, rule == SoupRule.CERTIFIED))
                        .toList());
        byte[] prefix = header.encode();
        try (WholeFile file = WholeFile.create(out)) {
            file.write(MemorySegment.ofArray(prefix), 0);
            for (LayoutEntry.Sign sign : header.signs()) {
                votes(sign, file, header, prefix.length);
                scales(
                        sign,
                        file,
                        prefix.length + entry(header, sign.scaleName(0)).begin());
            }
            file.commit();
        }
    }

    /** The members' domain where they agree on one. */
    private String domain() {
        List<String> domains = members.stream()
                .map(member -> member.header().metadata().domain())
                .distinct()
                .toList();
        return domains.size() == 1 ? domains.getFirst() : DeltaMetadata.GENERAL;
    }

    private static Entry entry(DeltaHeader header, String name) {
        return header.entries().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void votes(LayoutEntry.Sign sign, WholeFile file, DeltaHeader header, long dataStart) throws IOException {
        long signsAt = dataStart + entry(header, sign.signName(0)).begin();
        long abstainAt = rule == SoupRule.CERTIFIED
                ? dataStart + entry(header, sign.abstainName()).begin()
                : -1;
        List<MemorySegment> ballots =
                members.stream().map(member -> member.signs(sign, 0)).toList();
        long size = sign.planeBytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment signs = arena.allocate(CHUNK, Long.BYTES);
            MemorySegment abstain = arena.allocate(CHUNK, Long.BYTES);
            for (long at = 0; at < size; at += CHUNK) {
                int count = (int) Math.min(CHUNK, size - at);
                count(ballots, at, count, signs, abstain);
                file.write(signs.asSlice(0, count), signsAt + at);
                if (abstainAt >= 0) {
                    file.write(abstain.asSlice(0, count), abstainAt + at);
                }
            }
        }
    }

    private void count(List<MemorySegment> ballots, long at, int count, MemorySegment signs, MemorySegment abstain) {
        int n = members.size();
        int majority = (n + 1) / 2;
        int surelyOne = (n + byzantine) / 2 + 1;
        int notSurelyZero = (n - byzantine + 1) / 2;
        BallotBox box = new BallotBox(n);
        for (int word = 0; word < count; word += Long.BYTES) {
            int bytes = Math.min(Long.BYTES, count - word);
            box.clear();
            for (MemorySegment ballot : ballots) {
                box.add(word(ballot, at + word, bytes));
            }
            long open = ~box.atLeast(surelyOne) & box.atLeast(notSurelyZero);
            uncertified += Long.bitCount(open);
            signs.set(WORD, word, box.atLeast(majority));
            abstain.set(WORD, word, open);
        }
    }

    private static long word(MemorySegment ballot, long at, int bytes) {
        if (bytes == Long.BYTES) {
            return ballot.get(WORD, at);
        }
        long word = 0;
        for (int i = 0; i < bytes; i++) {
            word |= (ballot.get(ValueLayout.JAVA_BYTE, at + i) & 0xFFL) << (8 * i);
        }
        return word;
    }

    /** The lower median of the members' scales, on binary32 bit patterns: for numbers of one sign their order is the same. */
    private void scales(LayoutEntry.Sign sign, WholeFile file, long position) throws IOException {
        List<float[]> all =
                members.stream().map(member -> member.scales(sign, 0)).toList();
        int[] patterns = new int[members.size()];
        int count = all.getFirst().length;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment medians = arena.allocate((long) count * Float.BYTES, Long.BYTES);
            for (int i = 0; i < count; i++) {
                for (int member = 0; member < patterns.length; member++) {
                    patterns[member] = Float.floatToRawIntBits(all.get(member)[i]);
                }
                Arrays.sort(patterns);
                medians.set(
                        ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                        (long) i * Float.BYTES,
                        patterns[(patterns.length - 1) / 2]);
            }
            file.write(medians, position);
        }
    }

    private SoupReport report(Path out, long start) throws IOException {
        try (DeltaFile soup = DeltaFile.open(out)) {
            DeltaCommitment roots = DeltaCommitment.of(soup, new byte[20], Hash32.ZERO);
            long coordinates = soup.header().signs().stream()
                    .mapToLong(sign -> sign.shape().count())
                    .sum();
            return new SoupReport(
                    members.size(),
                    rule.name().toLowerCase(Locale.ROOT),
                    byzantine,
                    coordinates,
                    coordinates - uncertified,
                    roots.deltaRoot().hex(),
                    roots.signsRoot().hex(),
                    soup.fileHash().hex(),
                    soup.header().metadata().baseHash().hex(),
                    roots.layoutHash().hex(),
                    roots.nSigns(),
                    roots.signsRoot().hex(),
                    roots.nScales(),
                    roots.scalesRoot().hex(),
                    roots.abstainRoot().hex(),
                    soup.size(),
                    (System.nanoTime() - start) / 1e9);
        }
    }
}
