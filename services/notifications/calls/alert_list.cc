#include <limits>
#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/api/page.h"
#include "common/base/status_macros.h"
#include "common/geo/boundary.h"
#include "common/geo/point.h"
#include "services/notifications/calls/alert_calls.h"

// The part of AlertCalls that lists alerts.

namespace veche::notifications {
namespace {

// So many alerts are read at once where a point decides, and so many pages at most.
constexpr int kBatch = 200;
constexpr int kMostBatches = 20;

std::optional<AlertPlace> ParsePlace(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, '/');
  AlertPlace place{.id = std::string(parts.second)};
  if (!absl::SimpleAtoi(parts.first, &place.seq) || !IsUlid(place.id)) return std::nullopt;
  return place;
}

bool IsPlace(absl::string_view text) { return ParsePlace(text).has_value(); }

std::string FormatPlace(const AlertPlace& place) { return absl::StrCat(place.seq, "/", place.id); }

AlertFilter ReadFilter(const v1::ListAlertsRequest& request, bool editor, absl::Time now,
                       Violations& violations) {
  AlertFilter filter{.topics = {request.topic().begin(), request.topic().end()},
                     .district = request.district(),
                     .now = now};
  for (const int severity : request.severity()) {
    if (severity == 0 || !v1::Alert::Severity_IsValid(severity)) {
      violations.Add("severity", "UNKNOWN_VALUE");
    }
    filter.severities.push_back(static_cast<Severity>(severity));
  }
  for (const int state : request.state()) {
    if (state == 0 || !v1::Alert::State_IsValid(state)) violations.Add("state", "UNKNOWN_VALUE");
    filter.states.push_back(static_cast<AlertState>(state));
  }
  const bool default_states =
      filter.states == std::vector<AlertState>{AlertState::kPublished} || filter.states.empty();
  if (!editor && !default_states) violations.Add("state", "EDITORS_ONLY");
  if (!editor) filter.states.clear();
  return filter;
}

// Whether the alert's area, or one of the districts that the editor named, holds the point. An
// alert without either is for the whole city.
bool Holds(const Alert& alert, const geo::LatLng& point, const std::string& district) {
  if (alert.content.area.empty() && alert.content.districts.empty()) return true;
  for (const std::string& named : alert.content.districts) {
    if (named == district) return true;
  }
  if (alert.content.area.empty()) return false;
  const absl::StatusOr<geo::Boundary> area = geo::Boundary::Parse(alert.content.area);
  return area.ok() && area->Contains(point);
}

}  // namespace

absl::StatusOr<v1::ListAlertsResponse> AlertCalls::ListAlerts(const rpc::Call& call,
                                                              const v1::ListAlertsRequest& request,
                                                              Violations violations) {
  const AlertView view = ViewFor(call);
  const api::Page page(request, view.editor ? "editors" : "", violations);
  const std::string place = page.Place(IsPlace, violations);
  const AlertFilter filter = ReadFilter(request, view.editor, view.now, violations);
  const std::optional<geo::LatLng> point = geo::PointIn(request, "", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const std::shared_ptr<const DistrictMap> districts = parts_.districts();
  const std::string district = point && districts != nullptr ? districts->At(*point) : "";

  v1::ListAlertsResponse response;
  api::PageBudget budget;
  std::optional<AlertPlace> after = place.empty() ? std::nullopt : ParsePlace(place);
  const int batch = point ? kBatch : page.size() + 1;
  for (int read = 0; read < (point ? kMostBatches : 1); ++read) {
    std::vector<Alert> alerts;
    RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(alerts, parts_.store.List(transaction, filter, after, batch));
      return absl::OkStatus();
    }));
    for (const Alert& alert : alerts) {
      if (!point || Holds(alert, *point, district)) {
        v1::Alert wire = ToWire(alert, view);
        if (response.alerts_size() == page.size() || !budget.Fits(wire)) {
          response.set_next_page_token(page.TokenAfter(FormatPlace(*after)));
          return response;
        }
        *response.add_alerts() = std::move(wire);
      }
      after = {alert.seq, alert.id};
    }
    if (alerts.size() < static_cast<size_t>(batch)) return response;
  }
  // Enough was read: the next page goes on from here, even when this one is not full.
  response.set_next_page_token(page.TokenAfter(FormatPlace(*after)));
  return response;
}

}  // namespace veche::notifications
