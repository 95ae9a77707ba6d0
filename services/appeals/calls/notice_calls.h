#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/texts.h"
#include "common/rpc/call.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/domain/follow_token.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/notices.pb.h"

namespace veche::appeals {

// What the service that sends messages tells authors and followers. Thread-safe; blocking.
class NoticeCalls {
 public:
  // All must outlive it.
  NoticeCalls(Store& store, const Texts& texts, const FollowTokens& tokens, CityProvider city)
      : store_(store), texts_(texts), tokens_(tokens), city_(std::move(city)) {}

  absl::StatusOr<v1::ChangeNotice> GetChangeNotice(const rpc::Call& call,
                                                   const v1::GetChangeNoticeRequest& request,
                                                   Violations violations = {});

 private:
  Store& store_;
  const Texts& texts_;
  const FollowTokens& tokens_;
  const CityProvider city_;
};

}  // namespace veche::appeals
