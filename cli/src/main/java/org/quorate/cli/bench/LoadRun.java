package org.quorate.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.quorate.cli.client.NodeEndpoint;
import org.quorate.ledger.crypto.Digest;

/**
 * One run of the load generator: a closed loop, in which a client sends its next transaction when
 * one of its own was executed. The thread that calls {@link #run} keeps all accounts.
 */
public final class LoadRun {
  /** After so long without execution a transaction is sent again, the same bytes. */
  private static final long RESEND_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** After so long without execution it has failed. */
  private static final long FAILED_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Freed places are gathered for so long, so that a batch is worth its request. */
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long HOUSEKEEPING_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration STREAMS_TIMEOUT = Duration.ofSeconds(5);

  private final int enough;
  private final List<LoadClient> clients;
  private final Consumer<String> progress;
  private final LinkedBlockingQueue<NodeEvent> events = new LinkedBlockingQueue<>();
  private final List<NodeLink> links = new ArrayList<>();
  private final Set<Integer> silent = new HashSet<>();
  private final Agreement agreement;
  private final Map<Digest, InFlight> inFlight = new HashMap<>();

  /** The client of each place that is free for a transaction. */
  private final ArrayDeque<Integer> free = new ArrayDeque<>();

  private Latencies latencies = new Latencies();
  private long executed;
  private long blocks;
  private long failed;
  private long lastSent;

  private static final class InFlight {
    private final int client;
    private final Signed signed;
    private final long sentNanos;
    private final Set<Integer> refusing = new HashSet<>();
    private long resentNanos;

    private InFlight(int client, Signed signed, long sentNanos) {
      this.client = client;
      this.signed = signed;
      this.sentNanos = sentNanos;
      this.resentNanos = sentNanos;
    }
  }

  /**
   * @param enough how many nodes must report the same, f+1
   * @param outstanding how many transactions each client keeps in flight, at least 1
   * @param progress takes a line for people once in a while
   */
  public LoadRun(
      int enough,
      List<NodeEndpoint> nodes,
      List<LoadClient> clients,
      int outstanding,
      HttpClient http,
      Consumer<String> progress) {
    this.enough = enough;
    this.clients = List.copyOf(clients);
    this.progress = progress;
    this.agreement = new Agreement(enough);
    for (NodeEndpoint node : nodes) {
      links.add(new NodeLink(links.size(), node, http, events));
    }
    for (int place = 0; place < outstanding; place++) {
      for (int client = 0; client < clients.size(); client++) {
        free.add(client);
      }
    }
  }

  /**
   * Signs {@code ahead} transactions for each client, all clients at once.
   *
   * @throws IOException if a nonce counter cannot be written
   */
  public void signAhead(int ahead) throws IOException, InterruptedException {
    List<CompletableFuture<Void>> signing = new ArrayList<>();
    for (LoadClient client : clients) {
      signing.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.signAhead(ahead);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                  throw new CancellationException("interrupted");
                }
              }));
    }
    for (CompletableFuture<Void> one : signing) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new IOException("signing failed: " + e.getCause(), e);
      }
    }
  }

  /**
   * Loads the network for {@code warmup} and then, counting, for {@code counted}.
   *
   * @return empty if fewer nodes than f+1 have an event stream to listen to
   * @throws IOException if a nonce counter cannot be written
   */
  public Optional<BenchResult> run(Duration warmup, Duration counted)
      throws IOException, InterruptedException {
    if (!listen()) {
      return Optional.empty();
    }
    drive(System.nanoTime() + warmup.toNanos(), "warming up");
    latencies = new Latencies();
    executed = 0;
    blocks = 0;
    long start = System.nanoTime();
    drive(start + counted.toNanos(), "counting");
    double seconds = (System.nanoTime() - start) / 1e9;
    return Optional.of(
        new BenchResult(
            seconds,
            executed,
            blocks,
            failed,
            clients.stream().mapToLong(LoadClient::signedLate).sum(),
            latencies.percentileMillis(50),
            latencies.percentileMillis(95),
            latencies.percentileMillis(99),
            latencies.percentileMillis(100)));
  }

  private boolean listen() throws InterruptedException {
    List<CompletableFuture<Boolean>> begun = new ArrayList<>();
    for (NodeLink link : links) {
      CompletableFuture<Boolean> one = new CompletableFuture<>();
      begun.add(one);
      link.subscribe(one::complete);
    }
    try {
      CompletableFuture.allOf(begun.toArray(CompletableFuture<?>[]::new))
          .get(STREAMS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      progress.accept("not every node has opened its event stream in time");
    } catch (ExecutionException e) {
      throw new AssertionError("subscribing tells its failure as false", e);
    }
    return begun.stream().filter(one -> one.getNow(false)).count() >= enough;
  }

  private void drive(long end, String what) throws IOException, InterruptedException {
    long executedBefore = executed;
    long checked = System.nanoTime();
    while (true) {
      long now = System.nanoTime();
      if (now >= end) {
        return;
      }
      if (now - checked >= HOUSEKEEPING_NANOS) {
        progress.accept(
            String.format(
                Locale.ROOT,
                "%s: %,.0f tx/s, %,d in flight, %,d failed, %d s left",
                what,
                (executed - executedBefore) / ((now - checked) / 1e9),
                inFlight.size(),
                failed,
                TimeUnit.NANOSECONDS.toSeconds(end - now)));
        executedBefore = executed;
        checked = now;
        housekeeping(now);
      }
      send(now);
      long wait = Math.min(end - now, free.isEmpty() ? HOUSEKEEPING_NANOS : GATHER_NANOS);
      NodeEvent event = events.poll(wait, TimeUnit.NANOSECONDS);
      while (event != null) {
        handle(event);
        event = events.poll();
      }
    }
  }

  private void send(long now) throws IOException, InterruptedException {
    while (free.size() >= Batch.TRANSACTIONS_MAX
        || (!free.isEmpty() && now - lastSent >= GATHER_NANOS)) {
      List<Signed> transactions = new ArrayList<>();
      while (!free.isEmpty() && transactions.size() < Batch.TRANSACTIONS_MAX) {
        int client = free.remove();
        Signed signed = clients.get(client).take();
        inFlight.put(signed.hash(), new InFlight(client, signed, now));
        transactions.add(signed);
      }
      sendToAll(transactions);
      lastSent = now;
    }
  }

  private void sendToAll(List<Signed> transactions) {
    Batch batch = new Batch(transactions);
    links.forEach(link -> link.send(batch));
  }

  private void handle(NodeEvent event) {
    if (event instanceof NodeEvent.Executed told) {
      agreement.report(told.node(), told.report()).ifPresent(this::executed);
    } else if (event instanceof NodeEvent.Answered answered) {
      refused(answered);
    } else if (event instanceof NodeEvent.Babbled babbled) {
      progress.accept(links.get(babbled.node()).endpoint() + ": " + babbled.reason());
    } else if (event instanceof NodeEvent.StreamEnded ended) {
      if (silent.add(ended.node())) {
        progress.accept(links.get(ended.node()).endpoint() + ": " + ended.reason());
      }
    }
  }

  private void executed(BlockReport block) {
    long now = System.nanoTime();
    boolean ours = false;
    for (int i = 0; i < block.transactions().size(); i++) {
      InFlight done = inFlight.remove(block.transactions().get(i));
      if (done == null) {
        continue; // another client's, or one given up before
      }
      ours = true;
      free.add(done.client);
      if (block.outcomes().get(i).equalsIgnoreCase("executed")) {
        executed++;
        latencies.add(now - done.sentNanos);
      } else {
        failed++;
      }
    }
    blocks += ours ? 1 : 0;
  }

  private void refused(NodeEvent.Answered answered) {
    for (BatchAnswer.Refusal refusal : answered.refusals()) {
      Signed signed = answered.batch().transactions().get(refusal.index());
      InFlight refused = inFlight.get(signed.hash());
      if (refused == null || refusal.isLoad()) {
        continue;
      }
      refused.refusing.add(answered.node());
      if (refused.refusing.size() >= enough) {
        inFlight.remove(signed.hash());
        free.add(refused.client);
        if (failed++ == 0) {
          progress.accept("the first refusal: " + refusal.title());
        }
      }
    }
  }

  private void housekeeping(long now) {
    List<Signed> overdue = new ArrayList<>();
    for (Iterator<InFlight> all = inFlight.values().iterator(); all.hasNext(); ) {
      InFlight one = all.next();
      if (now - one.sentNanos >= FAILED_NANOS) {
        failed++;
        free.add(one.client);
        all.remove();
      } else if (now - one.resentNanos >= RESEND_NANOS && overdue.size() < Batch.TRANSACTIONS_MAX) {
        one.resentNanos = now;
        overdue.add(one.signed);
      }
    }
    if (!overdue.isEmpty()) {
      sendToAll(overdue);
    }
    for (int node : silent) {
      links.get(node).subscribe(begun -> {});
    }
    silent.clear();
  }
}
