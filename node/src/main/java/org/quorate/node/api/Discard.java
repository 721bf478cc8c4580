package org.quorate.node.api;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** Drops all that comes in: the client is not listened to any more. */
@Sharable
final class Discard extends ChannelInboundHandlerAdapter {
  static final Discard INSTANCE = new Discard();

  private Discard() {}

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }
}
