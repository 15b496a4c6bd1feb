package io.jsockmap.policy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a policy's files held at a time.
 *
 * @param policy what its own file said
 * @param digest of the files that it names
 */
record Snapshot(PolicyFile policy, String digest) {

    /**
     * @throws BpfException ENOENT if one of the files can't be read
     */
    static Snapshot of(PolicyFile policy) {
        try {
            var sum = MessageDigest.getInstance("SHA-256");
            for (var file : named(policy)) sum.update(Files.readAllBytes(file));
            return new Snapshot(policy, HexFormat.of().formatHex(sum.digest()));
        } catch (IOException e) {
            throw new BpfException(Errno.ENOENT, "%s: can't be read".formatted(e.getMessage()), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The policy's file and those that it names. */
    List<Path> files() {
        return Stream.concat(Stream.of(policy.file()), named(policy).stream())
                .map(Path::toAbsolutePath)
                .toList();
    }

    private static List<Path> named(PolicyFile policy) {
        return Stream.concat(Stream.of(policy.object()), policy.setup().targetTypes().stream())
                .toList();
    }
}
