package io.bitdelta.attestation.evidence.nitro;

import io.bitdelta.attestation.attester.AttesterException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The Nitro security module's device: one {@code ioctl} per message, a request buffer in and a response buffer out (Linux,
 * {@code include/uapi/linux/nsm.h}). Called through the platform's foreign function interface; needs no native library.
 */
@SuppressWarnings(
        "restricted") // Calling the C library is the purpose; the signatures below are those of its manual pages.
final class NsmDevice implements NsmChannel {
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;

    /** {@code _IOWR(0x0A, 0x0, struct nsm_raw)}: direction 3, size 32. */
    private static final long NSM_IOCTL_RAW = 0xC0200A00L;

    private static final int MAX_RESPONSE = 0x3000;
    private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE = ERRNO.varHandle(PathElement.groupElement("errno"));

    private final Path path;

    NsmDevice(Path path) {
        this.path = path;
    }

    /** The three functions of the C library. Looked up when they are first needed: other systems lack the device. */
    private static final class Libc {
        private static final MethodHandle OPEN = handle(
                "open",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(2));
        private static final MethodHandle IOCTL = handle(
                "ioctl",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(2));
        private static final MethodHandle CLOSE =
                handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup()
                            .find(name)
                            .orElseThrow(() -> new IllegalStateException("the C library lacks " + name)),
                    type,
                    options);
        }
    }

    @Override
    public byte[] exchange(byte[] request) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(ERRNO);
            int device = (int) Libc.OPEN.invokeExact(errno, arena.allocateFrom(path.toString()), O_RDWR | O_CLOEXEC);
            if (device < 0) {
                throw new AttesterException(path + " cannot be opened (error " + number(errno)
                        + "): this is no Nitro enclave, or the process may not use the device");
            }
            try {
                return ioctl(arena, errno, device, request);
            } finally {
                int ignored = (int) Libc.CLOSE.invokeExact(device);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call into the C library failed", e);
        }
    }

    private byte[] ioctl(Arena arena, MemorySegment errno, int device, byte[] request) throws Throwable {
        MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_BYTE, request);
        MemorySegment out = arena.allocate(MAX_RESPONSE);
        // struct nsm_raw: two pairs of address and length, 64 bits each.
        MemorySegment message = arena.allocate(32, 8);
        message.set(ValueLayout.JAVA_LONG, 0, in.address());
        message.set(ValueLayout.JAVA_LONG, 8, request.length);
        message.set(ValueLayout.JAVA_LONG, 16, out.address());
        message.set(ValueLayout.JAVA_LONG, 24, MAX_RESPONSE);
        int code = (int) Libc.IOCTL.invokeExact(errno, device, NSM_IOCTL_RAW, message);
        if (code < 0) {
            throw new AttesterException(path + " refuses the request (error " + number(errno) + ")");
        }
        long length = message.get(ValueLayout.JAVA_LONG, 24);
        if (length < 1 || length > MAX_RESPONSE) {
            throw new AttesterException(path + " answers with a length of " + length);
        }
        return out.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private static int number(MemorySegment errno) {
        return (int) ERRNO_VALUE.get(errno, 0L);
    }
}
