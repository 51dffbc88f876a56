package dev.bursar.dataset;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The next bytes of a request's body, as many as were announced. They can be read only once, so the SDK must not repeat a
 * request with what is left of them; and reading fails where they end early, so that a file that was cut off is never taken
 * for a whole one. Closing it leaves the body open for the part that follows.
 */
final class Incoming extends FilterInputStream {

    private final long length;
    private long arrived;
    private boolean opened;
    private boolean cutOff;

    Incoming(InputStream body, long length) {
        super(body);
        this.length = length;
    }

    InputStream open() {
        if (opened) {
            throw new IllegalStateException("an upload's body can be read only once");
        }
        opened = true;
        return this;
    }

    long length() {
        return length;
    }

    long arrived() {
        return arrived;
    }

    boolean isCutOff() {
        return cutOff;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int most) throws IOException {
        if (arrived == length) {
            return -1;
        }
        int some = readSome(bytes, offset, (int) Math.min(most, length - arrived));
        if (some < 0) {
            cutOff = true;
            throw new EOFException("the upload ended after " + arrived + " of " + length + " bytes");
        }
        arrived += some;
        return some;
    }

    @Override
    public long skip(long most) throws IOException {
        return Math.max(0, read(new byte[(int) Math.min(most, 8_192)]));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() {}

    private int readSome(byte[] bytes, int offset, int most) throws IOException {
        try {
            return in.read(bytes, offset, most);
        } catch (IOException e) {
            cutOff = true;
            throw e;
        }
    }
}
