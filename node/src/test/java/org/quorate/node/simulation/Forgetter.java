package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Tells half of the replicas that it has prepared nothing; and as the primary of a new view shows
 * some of them one quorum of VIEW-CHANGEs and the others another, in which its own is such a lie.
 */
final class Forgetter implements Conduct {
  private final SimulatedNode node;
  private final MessageAuthenticator voice;
  private final TreeMap<Long, TreeMap<ReplicaId, Signed<ViewChange>>> seen = new TreeMap<>();

  Forgetter(SimulatedNode node, MessageAuthenticator voice) {
    this.node = node;
    this.voice = voice;
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    boolean lies = to.index() % 2 == 0;
    if (!lies || !(message instanceof Signed<?> signed) || !signed.signer().equals(node.id())) {
      return List.of(message);
    }
    if (signed.content() instanceof ViewChange viewChange) {
      return List.of(lie(viewChange.newView()));
    } else if (signed.content() instanceof NewView newView) {
      List<Message> said = new ArrayList<>();
      if ((to.index() + newView.view()) % 3 == 0) {
        said.add(tooFew(newView));
      }
      said.add(voice.sign(otherQuorum(newView)));
      return said;
    }
    return List.of(message);
  }

  /** A NEW-VIEW without a quorum that begins as low as it can. */
  private Message tooFew(NewView newView) {
    TreeMap<ReplicaId, Signed<ViewChange>> few = new TreeMap<>();
    few.put(node.id(), lie(newView.view()));
    newView.viewChanges().stream()
        .sorted(
            Comparator.comparingLong(
                v -> v.content().highestPrepared().map(c -> c.vote().height()).orElse(0L)))
        .limit(newView.viewChanges().size() / 2)
        .forEach(viewChange -> few.putIfAbsent(viewChange.signer(), viewChange));
    return voice.sign(new NewView(newView.view(), List.copyOf(few.values())));
  }

  private Signed<ViewChange> lie(long newView) {
    return voice.sign(new ViewChange(newView, Optional.empty(), Optional.empty()));
  }

  /** Its own lie and those others that had prepared least. */
  private NewView otherQuorum(NewView newView) {
    TreeMap<ReplicaId, Signed<ViewChange>> chosen = new TreeMap<>();
    newView.viewChanges().forEach(viewChange -> chosen.put(viewChange.signer(), viewChange));
    seen.getOrDefault(newView.view(), new TreeMap<>())
        .forEach(
            (signer, viewChange) -> {
              if (viewChange.content().highestPrepared().isEmpty()) {
                chosen.put(signer, viewChange);
              }
            });
    chosen.put(node.id(), lie(newView.view()));
    List<ReplicaId> others = new ArrayList<>(chosen.keySet());
    others.removeIf(r -> chosen.get(r).content().highestPrepared().isEmpty());
    while (chosen.size() > newView.viewChanges().size() && !others.isEmpty()) {
      chosen.remove(others.remove(0));
    }
    return new NewView(newView.view(), List.copyOf(chosen.values()));
  }

  @Override
  @SuppressWarnings("unchecked") // the content was just seen to be a VIEW-CHANGE
  public void heard(Message message) {
    if (message instanceof Signed<?> signed && signed.content() instanceof ViewChange viewChange) {
      long view = viewChange.newView();
      if (!seen.containsKey(view)) {
        // Whoever wants to leave finds it at his side.
        node.tellAll(lie(view));
      }
      seen.computeIfAbsent(view, any -> new TreeMap<>())
          .put(signed.signer(), (Signed<ViewChange>) signed);
    }
  }
}
