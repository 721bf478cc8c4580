package org.quorate.node.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.membership.ReplicaId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection until both ends know each other: the TLS handshake, a Hello from the one who dialed,
 * and a Hello or a refusal in answer. All of it must be done in a bounded time. Then a {@link
 * PeerConnection} takes this handler's place. Owned by the event loop.
 */
final class Greeting extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Greeting.class);

  private final PeerContext context;
  private final @Nullable ReplicaId dialed;
  private final Runnable authenticated;
  private final FrameReader reader = new FrameReader();
  private @Nullable ReplicaId peer;
  private @Nullable PeerConnection link;
  private @Nullable Future<?> deadline;
  private boolean ended;

  /**
   * @param dialed whom this node dialed; null if the other end dialed
   * @param authenticated run once when the other end has shown who it is, or the connection ended
   */
  Greeting(PeerContext context, @Nullable ReplicaId dialed, Runnable authenticated) {
    this.context = context;
    this.dialed = dialed;
    this.authenticated = authenticated;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    int millis = context.limits().readyMillis();
    deadline =
        Later.run(
            ctx.channel().eventLoop(),
            millis,
            () -> refuse(ctx, Refusal.TIMEOUT, "it was not ready within " + millis + " ms"));
    super.channelActive(ctx);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        identify(ctx);
      } else {
        failed(ctx, handshake.cause());
      }
    }
    super.userEventTriggered(ctx, event);
  }

  private void identify(ChannelHandlerContext ctx) throws SSLPeerUnverifiedException {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    X509Certificate certificate =
        (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
    ReplicaId found =
        PinnedTrust.key(certificate)
            .flatMap(context.chain().validators()::replica)
            .orElseThrow(() -> new AssertionError("TLS let in a key that is not pinned"));
    peer = found;
    if (found.equals(context.self())) {
      refuse(
          ctx,
          Refusal.KEY_USED_TWICE,
          "it holds this node's own key: a second copy of this node runs, or the address is wrong");
    } else if (dialed != null && !dialed.equals(found)) {
      refuse(
          ctx,
          Refusal.WRONG_VALIDATOR,
          "it is " + context.name(found) + "; correct the address of one of them");
    } else if (dialed != null) {
      hello(ctx, context.hello());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!ended) {
        reader.read(in, (kind, body) -> received(ctx, kind, body));
      }
    } catch (BadFrameException e) {
      if (link != null) {
        link.end(Refusal.BAD_FRAME, String.valueOf(e.getMessage()));
      } else {
        refuse(ctx, Refusal.BAD_FRAME, String.valueOf(e.getMessage()));
      }
    } finally {
      ReferenceCountUtil.release(in);
    }
  }

  private void received(ChannelHandlerContext ctx, int kind, byte[] body) throws BadFrameException {
    if (link != null) {
      link.received(kind, body); // came in the same buffer as the Hello
    } else if (!ended) {
      if (kind == FrameReader.REFUSAL && dialed != null) {
        refusedByPeer(ctx, dialed, body);
      } else if (kind == FrameReader.HELLO && peer != null) {
        greeted(ctx, peer, body);
      } else {
        throw new BadFrameException("a frame of kind " + kind + " instead of a greeting");
      }
    }
  }

  private void greeted(ChannelHandlerContext ctx, ReplicaId from, byte[] body)
      throws BadFrameException {
    Optional<Integer> version = Hello.version(body);
    if (version.isPresent() && version.get() != Hello.VERSION) {
      refuse(
          ctx,
          Refusal.ANOTHER_VERSION,
          "it speaks version %d, this node %d: run the same release"
              .formatted(version.get(), Hello.VERSION));
      return;
    }
    Hello hello;
    try {
      hello = Decoder.decode(body, Hello::decode);
    } catch (MalformedException e) {
      throw new BadFrameException("its greeting is malformed: " + String.valueOf(e.getMessage()));
    }
    if (!hello.chainHash().equals(context.chain().chainHash())) {
      refuse(
          ctx,
          Refusal.ANOTHER_GENESIS,
          "its genesis has the hash %s, this node's %s: give both the same genesis file"
              .formatted(hello.chainHash(), context.chain().chainHash()));
    } else if (!hello.replica().equals(from)) {
      throw new BadFrameException(
          "it says to be " + hello.replica() + ", but has the key of " + from);
    } else {
      choose(ctx, from, hello);
    }
  }

  private void choose(ChannelHandlerContext ctx, ReplicaId from, Hello hello) {
    boolean selfIsLower = context.self().compareTo(from) < 0;
    LinkTable.Origin origin =
        new LinkTable.Origin(hello.instance(), selfIsLower == (dialed != null));
    LinkTable.Verdict verdict = context.links().judge(from, origin);
    if (verdict == LinkTable.Verdict.KEEP) {
      live(ctx, from, origin);
      return;
    }
    PeerConnection present = context.links().link(from);
    if (present != null) {
      present.probe();
    }
    if (verdict == LinkTable.Verdict.SUPERSEDED) {
      refuse(ctx, Refusal.SUPERSEDED, "there is a link already");
    } else {
      refuse(
          ctx,
          Refusal.KEY_USED_TWICE,
          "another process is connected with the key of "
              + context.name(from)
              + (present == null ? "" : ", from " + present.remote())
              + "; a key may be used by one process alone: stop one of them");
    }
  }

  private void live(ChannelHandlerContext ctx, ReplicaId from, LinkTable.Origin origin) {
    end();
    if (dialed == null) {
      hello(ctx, context.hello());
    }
    PeerConnection made = new PeerConnection(context, from, origin, ctx.channel(), reader);
    link = made;
    ctx.pipeline().replace(this, "link", made);
    made.start();
  }

  private void refusedByPeer(ChannelHandlerContext ctx, ReplicaId by, byte[] body)
      throws BadFrameException {
    Refusal reason =
        Refusal.ofCode(body.length == 1 ? body[0] : 0)
            .orElseThrow(() -> new BadFrameException("a refusal without a known reason"));
    String why =
        switch (reason) {
          case ANOTHER_GENESIS -> "its genesis is another one: give both the same genesis file";
          case KEY_USED_TWICE ->
              "another process is connected to it with the key of "
                  + context.name(context.self())
                  + ": is a second copy of this node running?";
          case ANOTHER_VERSION -> "it speaks another version: run the same release";
          default -> reason.label();
        };
    end();
    if (reason != Refusal.SUPERSEDED) {
      told(ctx, Refusal.REFUSED_BY_PEER, context.name(by) + " refused this node: " + why);
    }
    close(ctx);
  }

  private void failed(ChannelHandlerContext ctx, Throwable cause) {
    TlsFailure failure = TlsFailure.isConnectionLost(cause) ? null : TlsFailure.of(cause);
    if (failure != null) {
      refuse(ctx, failure.reason(), failure.why());
    } else {
      log.debug("{} went away during the greeting", ctx.channel().remoteAddress(), cause);
      end();
      close(ctx);
    }
  }

  private void refuse(ChannelHandlerContext ctx, Refusal reason, String why) {
    if (ended) {
      return;
    }
    end();
    if (reason != Refusal.SUPERSEDED) {
      String direction =
          dialed == null
              ? "refused the connection from " + ctx.channel().remoteAddress()
              : "gave up the connection to "
                  + context.name(dialed)
                  + " at "
                  + ctx.channel().remoteAddress();
      told(ctx, reason, direction + ": " + why);
    }
    if (reason.code() != 0 && peer != null && dialed == null) {
      write(ctx, FrameReader.REFUSAL, new byte[] {(byte) reason.code()})
          .addListener(ChannelFutureListener.CLOSE);
    } else {
      close(ctx);
    }
  }

  private void told(ChannelHandlerContext ctx, Refusal reason, String message) {
    SocketAddress remote = ctx.channel().remoteAddress();
    String subject =
        dialed != null
            ? context.name(dialed)
            : remote instanceof InetSocketAddress address
                ? address.getHostString()
                : String.valueOf(remote);
    context.refusals().refused(reason, subject, message);
  }

  private static void hello(ChannelHandlerContext ctx, Hello hello) {
    var unused = write(ctx, FrameReader.HELLO, hello.encoded());
  }

  private static ChannelFuture write(ChannelHandlerContext ctx, int kind, byte[] body) {
    ByteBuf out = ctx.alloc().heapBuffer(FrameReader.HEADER_BYTES + body.length);
    FrameReader.writeHeader(out, kind, body.length);
    return ctx.writeAndFlush(out.writeBytes(body));
  }

  private static void close(ChannelHandlerContext ctx) {
    var unused = ctx.close();
  }

  private void end() {
    if (!ended) {
      ended = true;
      if (deadline != null) {
        deadline.cancel(false);
      }
      authenticated.run();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    end();
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (link != null) {
      link.exceptionCaught(ctx, cause);
    } else if (!ended) {
      failed(ctx, cause);
    }
  }
}
