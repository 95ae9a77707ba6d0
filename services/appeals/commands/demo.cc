#include "services/appeals/commands/demo.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "google/protobuf/util/time_util.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/keys.h"
#include "veche/appeals/v1/appeals.grpc.pb.h"

namespace veche::appeals {

namespace {

constexpr int kRowsPerCall = 100;
constexpr int kDemoResolveHours = 9 * 24;
enum Column {
  kId,
  kDaysAgo,
  kState,
  kKind,
  kCategory,
  kLatitude,
  kLongitude,
  kAddress,
  kText,
  kAnswer
};

// One to ten days after the submission, the same in each run; nothing for an open appeal.
std::optional<absl::Time> ResolveTime(absl::string_view id, v1::Appeal::State state,
                                      absl::Time created, absl::Time now) {
  if (IsOpen(static_cast<State>(state))) return std::nullopt;
  const auto hours = static_cast<int>(static_cast<uint64_t>(TermKey(id)) % kDemoResolveHours);
  absl::Time resolved = created + absl::Hours(24 + hours);
  // An appeal that waits for its author's rating was answered recently: after two weeks it would be
  // closed.
  if (state == v1::Appeal::RESOLVED) resolved = std::max(resolved, now - absl::Hours(24 + hours));
  return std::min(resolved, now);
}

absl::StatusOr<v1::ImportAppealsRequest::Row> ParseRow(const DemoFiles::Row& columns,
                                                       absl::Time now) {
  v1::ImportAppealsRequest::Row row;
  double days = 0, latitude = 0, longitude = 0;
  v1::Appeal::State state;
  v1::Appeal::Kind kind;
  if (!absl::SimpleAtod(columns[kDaysAgo], &days) ||
      !absl::SimpleAtod(columns[kLatitude], &latitude) ||
      !absl::SimpleAtod(columns[kLongitude], &longitude) ||
      !v1::Appeal::State_Parse(std::string(columns[kState]), &state) ||
      !v1::Appeal::Kind_Parse(std::string(columns[kKind]), &kind)) {
    return absl::InternalError(absl::StrCat("demo appeal ", columns[kId]));
  }
  row.set_source_id(std::string(columns[kId]));
  row.set_text(std::string(columns[kText]));
  row.set_answer(std::string(columns[kAnswer]));
  row.set_kind(kind);
  // A submitted appeal is imported without a state: it is routed like a new one.
  if (state != v1::Appeal::SUBMITTED) row.set_state(state);
  if (!columns[kCategory].empty())
    row.set_category(absl::StrCat("categories/", columns[kCategory]));
  row.mutable_location()->set_latitude(latitude);
  row.mutable_location()->set_longitude(longitude);
  row.mutable_location()->set_address(std::string(columns[kAddress]));
  const absl::Time created = now - days * absl::Hours(24);
  *row.mutable_create_time() = api::ToTimestamp(created);
  if (auto resolved = ResolveTime(columns[kId], state, created, now)) {
    *row.mutable_resolve_time() = api::ToTimestamp(*resolved);
  }
  return row;
}

absl::Status Import(v1::Appeals::Stub& appeals, const v1::ImportAppealsRequest& request) {
  auto context = rpc::NewBackgroundContext(auth::kCommands, absl::Seconds(30));
  v1::ImportAppealsResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(appeals.ImportAppeals(context.get(), request, &response)));
  if (response.bad_rows().empty()) return absl::OkStatus();
  const auto& bad = response.bad_rows(0);
  return absl::InternalError(absl::StrCat("demo appeal ", bad.source_id(), ": ", bad.error()));
}

}  // namespace

absl::Status LoadDemoAppeals(std::shared_ptr<grpc::Channel> channel, const DemoFiles& files,
                             absl::Time now) {
  ASSIGN_OR_RETURN(
      const std::vector<DemoFiles::Row> rows,
      files.Rows("appeals.tsv", {"id", "days_ago", "state", "kind", "category", "latitude",
                                 "longitude", "address", "text", "answer"}));
  auto appeals = v1::Appeals::NewStub(channel);
  v1::ImportAppealsRequest request;
  request.set_source("demo");
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSIGN_OR_RETURN(*request.add_rows(), ParseRow(rows[i], now));
    if (request.rows_size() == kRowsPerCall || i + 1 == rows.size()) {
      RETURN_IF_ERROR(Import(*appeals, request));
      request.clear_rows();
    }
  }
  return absl::OkStatus();
}

}  // namespace veche::appeals
