#include "services/polling/remote/issued_counts.h"

#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"

namespace veche::polling {
namespace {

constexpr absl::Duration kFresh = absl::Minutes(1);

}  // namespace

std::vector<Issued> IssuedCounts::Get(const Poll& poll) {
  const absl::Time now = clock_.Now();
  std::vector<Issued> former;
  {
    absl::MutexLock lock(&mutex_);
    if (known_.size() >= kMost && !known_.contains(poll.id)) known_.erase(known_.begin());
    Known& known = known_[poll.id];
    if (now - known.at < kFresh) return known.issued;
    known.at = now;  // others take the former numbers meanwhile
    former = known.issued;
  }
  std::vector<Issued> issued;
  for (const protocol::Definition::Issuer& issuer : poll.definition.issuers) {
    absl::StatusOr<Issued> counts = issuers_.Count(issuer.name, poll.id);
    if (counts.ok()) {
      counts->counts.name = issuer.name;
      issued.push_back(*std::move(counts));
    } else {
      absl::c_copy_if(former, std::back_inserter(issued),
                      [&](const Issued& one) { return one.counts.name == issuer.name; });
    }
  }
  absl::MutexLock lock(&mutex_);
  known_[poll.id] = {issued, now};
  return issued;
}

std::optional<int64_t> IssuedCounts::CountOfFirst(const Poll& poll) {
  for (const Issued& issued : Get(poll)) {
    if (issued.counts.name == poll.definition.issuers.front().name) return issued.counts.issued;
  }
  return std::nullopt;
}

}  // namespace veche::polling
