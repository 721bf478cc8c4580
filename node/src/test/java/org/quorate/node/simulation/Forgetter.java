package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * Tells half of the replicas that it has prepared nothing, or only what it had prepared once; and
 * as the primary of a new view shows some of them one quorum of VIEW-CHANGEs and the others
 * another, in which its own is such a lie and the rest know as little as any. Before that it may
 * show VIEW-CHANGEs that are too few, or to another view, or its own twice.
 */
final class Forgetter implements Conduct {
  private static final Comparator<Signed<ViewChange>> BY_WHAT_THEY_KNOW =
      Comparator.comparing(
          viewChange -> viewChange.content().statement().prepared().orElse(null),
          Comparator.nullsFirst(PreparedSeen.BY_VIEW_THEN_HEIGHT));

  private final SimulatedNode node;
  private final MessageAuthenticator voice;
  private final PreparedSeen prepared;
  private final TreeMap<Long, TreeMap<ReplicaId, Signed<ViewChange>>> seen = new TreeMap<>();

  Forgetter(SimulatedNode node, MessageAuthenticator voice) {
    this.node = node;
    this.voice = voice;
    this.prepared = new PreparedSeen(node.chain().quorum());
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    boolean own = message instanceof Signed<?> signed && signed.signer().equals(node.id());
    if (!own) {
      return List.of(message);
    }
    Signed<?> signed = (Signed<?>) message;
    prepared.saw(signed);
    if (to.index() % 2 != 0) {
      return List.of(message);
    } else if (signed.content() instanceof ViewChange viewChange) {
      return List.of(lie(viewChange.newView()));
    } else if (signed.content() instanceof NewView newView) {
      return begin(to, newView);
    }
    return List.of(message);
  }

  /** What it says of what it had prepared when it left for a view. */
  private Signed<ViewChange> lie(long newView) {
    List<QuorumCertificate> old = prepared.outdone(newView);
    Optional<QuorumCertificate> shown =
        old.isEmpty() || node.random().nextBoolean()
            ? Optional.empty()
            : Optional.of(old.get(node.random().nextInt(old.size())));
    return voice.sign(new ViewChange(newView, Optional.empty(), shown));
  }

  private List<Message> begin(ReplicaId to, NewView newView) {
    List<Message> said = new ArrayList<>();
    switch (node.random().nextInt(6)) {
      case 0 -> said.add(tooFew(newView));
      case 1 -> forge(to, newView, ofAnotherView(newView));
      case 2 -> forge(to, newView, oneTwice(newView));
      default -> {}
    }
    said.add(voice.sign(otherQuorum(newView)));
    return said;
  }

  private void forge(ReplicaId to, NewView newView, List<Signed<ViewChange>> viewChanges) {
    node.mouth().misbehaved();
    byte[] bytes = ForgedNewView.bytes(node.chain(), node.id(), newView.view(), viewChanges);
    node.mouth().tell(to, bytes, "a forged NEW-VIEW(v" + newView.view() + " " + viewChanges + ")");
  }

  private static List<Signed<ViewChange>> inOrder(Collection<Signed<ViewChange>> viewChanges) {
    return viewChanges.stream().sorted(Comparator.comparing(Signed::signer)).toList();
  }

  /** Those of so many others that had prepared least. */
  private List<Signed<ViewChange>> least(Collection<Signed<ViewChange>> of, int count) {
    return of.stream()
        .filter(viewChange -> !viewChange.signer().equals(node.id()))
        .sorted(BY_WHAT_THEY_KNOW)
        .limit(count)
        .toList();
  }

  /** A NEW-VIEW without a quorum that begins as low as it can. */
  private Message tooFew(NewView newView) {
    List<Signed<ViewChange>> few = withLie(newView, newView.viewChanges().size() / 2);
    return voice.sign(new NewView(newView.view(), inOrder(few)));
  }

  /** Its own lie and the least of {@code count} others. */
  private List<Signed<ViewChange>> withLie(NewView newView, int count) {
    TreeMap<ReplicaId, Signed<ViewChange>> known =
        new TreeMap<>(seen.getOrDefault(newView.view(), new TreeMap<>()));
    newView.viewChanges().forEach(viewChange -> known.put(viewChange.signer(), viewChange));
    List<Signed<ViewChange>> chosen = new ArrayList<>(least(known.values(), count));
    chosen.add(lie(newView.view()));
    return chosen;
  }

  /** Its own lie and those others that had prepared least. */
  private NewView otherQuorum(NewView newView) {
    return new NewView(newView.view(), inOrder(withLie(newView, newView.viewChanges().size() - 1)));
  }

  /** A quorum, in which some, and its own for certain, left for another view. */
  private List<Signed<ViewChange>> ofAnotherView(NewView newView) {
    TreeMap<ReplicaId, Signed<ViewChange>> chosen = new TreeMap<>();
    newView.viewChanges().forEach(viewChange -> chosen.put(viewChange.signer(), viewChange));
    Map.Entry<Long, TreeMap<ReplicaId, Signed<ViewChange>>> before =
        seen.lowerEntry(newView.view());
    if (before != null) {
      chosen.replaceAll(
          (signer, viewChange) ->
              node.random().nextBoolean()
                  ? before.getValue().getOrDefault(signer, viewChange)
                  : viewChange);
    }
    chosen.put(node.id(), lie(newView.view() + 1));
    return List.copyOf(chosen.values());
  }

  /** As many as a quorum, of one signer fewer. */
  private List<Signed<ViewChange>> oneTwice(NewView newView) {
    List<Signed<ViewChange>> chosen = withLie(newView, newView.viewChanges().size() - 2);
    chosen.add(lie(newView.view()));
    return inOrder(chosen);
  }

  @Override
  @SuppressWarnings("unchecked") // the content was just seen to be a VIEW-CHANGE
  public void heard(Message message) {
    if (!(message instanceof Signed<?> signed)) {
      return;
    }
    prepared.saw(signed);
    if (signed.content() instanceof ViewChange viewChange) {
      long view = viewChange.newView();
      if (!seen.containsKey(view)) {
        // Whoever wants to leave finds it at his side.
        node.mouth().misbehaved();
        node.mouth().tellAll(lie(view));
      }
      seen.computeIfAbsent(view, any -> new TreeMap<>())
          .put(signed.signer(), (Signed<ViewChange>) signed);
    }
  }
}
