#include "services/notifications/workers/feed.h"

#include <memory>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/notifications/streams/convert.h"

namespace veche::notifications {
namespace {

constexpr int kLivePage = 1000;
// Missed notices are sent in pieces of half a stream's queue (common/rpc), so that a client that
// was away for long is not taken for one that is too slow.
constexpr int kMissedPiece = 32;
constexpr absl::Duration kBetweenPieces = absl::Milliseconds(50);

}  // namespace

Feed::Feed(FeedOptions options, NoticeHub& hub, sql::Database& database, Store& store,
           const Texts& texts, observe::Telemetry& telemetry)
    : options_(std::move(options)),
      hub_(hub),
      database_(database),
      store_(store),
      texts_(texts),
      telemetry_(telemetry),
      worker_(observe::LoggedWorker("notices-feed", telemetry_), [this] { return Step(); }) {
  hub_.SetListener([this] { worker_.Wake(); });
}

Feed::~Feed() {
  Stop();
  hub_.SetListener(nullptr);
}

void Feed::Stop() {
  worker_.Stop();
  hub_.Stop();
}

absl::Duration Feed::Step() {
  if (hub_.empty()) {
    position_.reset();
    return absl::InfiniteDuration();
  }
  const absl::StatusOr<bool> behind = FeedAll();
  if (!behind.ok()) {
    telemetry_.logger->Error("streams not fed", {{"error", behind.status().ToString()}});
  }
  return behind.ok() && *behind ? kBetweenPieces : options_.poll;
}

absl::StatusOr<bool> Feed::FeedAll() {
  RETURN_IF_ERROR(FeedLive());
  return FeedBehind();
}

absl::Status Feed::FeedLive() {
  if (!position_) {
    return database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(position_, store_.Newest(transaction));
      return absl::OkStatus();
    });
  }
  std::vector<Notice> notices;
  do {
    RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(notices, store_.ListAllAfter(transaction, *position_, kLivePage));
      return absl::OkStatus();
    }));
    for (const Notice& notice : notices) {
      hub_.Publish(notice.recipient, [&](NoticeStream& stream) {
        return stream.behind || stream.after >= notice.seq || Send(stream, notice);
      });
    }
    if (!notices.empty()) position_ = notices.back().seq;
  } while (notices.size() == kLivePage);
  return absl::OkStatus();
}

absl::StatusOr<bool> Feed::FeedBehind() {
  bool any = false;
  for (const std::shared_ptr<NoticeStream>& stream :
       hub_.Select([](const NoticeStream& stream) { return stream.behind; })) {
    RETURN_IF_ERROR(CatchUp(*stream));
    any = any || stream->behind;
  }
  return any;
}

absl::Status Feed::CatchUp(NoticeStream& stream) {
  std::vector<Notice> missed;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(missed, store_.ListAfter(transaction, stream.recipient, stream.after,
                                              *position_, kMissedPiece));
    return absl::OkStatus();
  }));
  bool open = true;
  for (const Notice& notice : missed) open = open && Send(stream, notice);
  stream.behind = open && missed.size() == kMissedPiece;
  return absl::OkStatus();
}

bool Feed::Send(NoticeStream& stream, const Notice& notice) {
  stream.after = notice.seq;
  return stream.writer->Write(ToWatchResponse(notice, texts_, stream.language));
}

}  // namespace veche::notifications
