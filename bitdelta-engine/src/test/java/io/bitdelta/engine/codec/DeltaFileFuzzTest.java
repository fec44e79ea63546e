package io.bitdelta.engine.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.engine.fuzz.Decoding;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

class DeltaFileFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void deltaFile(byte[] bytes) throws IOException {
        Decoding.check(() -> {
            try (DeltaFile delta = DeltaFile.read(Decoding.FILE, MemorySegment.ofArray(bytes))) {
                // What passed every check can be read from end to end.
                for (LayoutEntry.Sign sign : delta.header().signs()) {
                    for (int plane = 0; plane < sign.bits(); plane++) {
                        delta.scales(sign, plane);
                    }
                }
                delta.fileHash();
            }
        });
    }
}
