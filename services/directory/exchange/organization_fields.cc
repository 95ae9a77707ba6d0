#include "services/directory/exchange/organization_fields.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/stable_hash.h"
#include "common/base/texts.h"
#include "services/directory/exchange/hours_text.h"

namespace veche::directory {
namespace {

constexpr absl::string_view kColumns[] = {"id",        "title",      "category",    "description",
                                          "phones",    "emails",     "website",     "socials",
                                          "address",   "latitude",   "longitude",   "hours",
                                          "districts", "department", "attribution", "madeUpFields"};
constexpr absl::string_view kTexts[] = {"title", "description"};
constexpr char kListSeparator[] = ";";
constexpr char kPurpose = '|';

absl::string_view TextOf(const Cells& cells, absl::string_view column) {
  const auto cell = cells.find(column);
  return cell == cells.end() ? "" : absl::StripAsciiWhitespace(cell->second);
}

std::vector<std::string> ListOf(const Cells& cells, absl::string_view column) {
  std::vector<std::string> list;
  for (absl::string_view item : absl::StrSplit(TextOf(cells, column), kListSeparator)) {
    item = absl::StripAsciiWhitespace(item);
    if (!item.empty()) list.emplace_back(item);
  }
  return list;
}

// {"+7 843 1", "регистратура"} of "+7 843 1 | регистратура".
std::pair<std::string, std::string> WithPurpose(absl::string_view item) {
  const size_t mark = item.find(kPurpose);
  if (mark == absl::string_view::npos) return {std::string(item), ""};
  return {std::string(absl::StripAsciiWhitespace(item.substr(0, mark))),
          std::string(absl::StripAsciiWhitespace(item.substr(mark + 1)))};
}

std::string JoinPurpose(absl::string_view item, absl::string_view purpose) {
  return purpose.empty() ? std::string(item) : absl::StrCat(item, " | ", purpose);
}

// "districts/north" and "north" are both the id "north".
std::string IdOf(absl::string_view text) {
  return std::string(text.substr(text.rfind('/') + 1));  // npos + 1 is 0
}

// "node/123" of OpenStreetMap is the id "osm-node-123".
std::string OwnId(absl::string_view text) {
  for (const absl::string_view kind : {"node/", "way/", "relation/"}) {
    if (absl::StartsWith(text, kind)) {
      return absl::StrCat("osm-", absl::StrReplaceAll(text, {{"/", "-"}}));
    }
  }
  return IdOf(text);
}

std::string MadeId(const Cells& cells) {
  return absl::StrFormat("file-%016x", StableHash(absl::StrJoin(
                                           {TextOf(cells, "title"), TextOf(cells, "address"),
                                            TextOf(cells, "latitude"), TextOf(cells, "longitude")},
                                           "\n")));
}

Titles TextsOf(const Cells& cells, absl::string_view column) {
  Titles texts;
  for (const absl::string_view language : kLanguages) {
    const absl::string_view text = TextOf(cells, absl::StrCat(column, "_", language));
    if (!text.empty()) texts[std::string(language)] = std::string(text);
  }
  return texts;
}

// Reads what is not text as it stands, and notes what cannot be read.
class CellReader {
 public:
  CellReader(const Cells& cells, absl::string_view place, Violations& violations)
      : cells_(cells), place_(place), violations_(violations) {}

  std::optional<geo::LatLng> Location() {
    const absl::string_view latitude = TextOf(cells_, "latitude");
    const absl::string_view longitude = TextOf(cells_, "longitude");
    if (latitude.empty() && longitude.empty()) return std::nullopt;
    if (latitude.empty()) Add("latitude", "LATITUDE_MISSING");
    if (longitude.empty()) Add("longitude", "LONGITUDE_MISSING");
    return geo::LatLng{.latitude = Degrees("latitude", latitude, 90, "LATITUDE"),
                       .longitude = Degrees("longitude", longitude, 180, "LONGITUDE")};
  }

  std::optional<Hours> OpeningHours() {
    const absl::string_view text = TextOf(cells_, "hours");
    if (text.empty()) return std::nullopt;
    std::optional<Hours> hours = ParseHoursText(text);
    if (!hours) Add("hours", "HOURS_TEXT");
    return hours;
  }

 private:
  void Add(absl::string_view column, const Text& problem) {
    violations_.Add(absl::StrCat(place_, ".", column), problem);
  }

  // Spreadsheets of some languages write a comma for the point.
  double Degrees(absl::string_view column, absl::string_view text, double most,
                 const char* problem) {
    double degrees = 0;
    const bool read = absl::SimpleAtod(absl::StrReplaceAll(text, {{",", "."}}), &degrees);
    if (!text.empty() && !(read && degrees >= -most && degrees <= most)) Add(column, problem);
    return degrees;
  }

  const Cells& cells_;
  const absl::string_view place_;
  Violations& violations_;
};

void SetCell(Cells& cells, absl::string_view column, std::string text) {
  if (!text.empty()) cells[std::string(column)] = std::move(text);
}

void SetTexts(Cells& cells, absl::string_view column, const Titles& texts) {
  for (const auto& [language, text] : texts) {
    SetCell(cells, absl::StrCat(column, "_", language), text);
  }
}

}  // namespace

absl::Span<const absl::string_view> OrganizationColumns() { return kColumns; }

bool IsOrganizationColumn(absl::string_view column) {
  if (std::find(std::begin(kColumns), std::end(kColumns), column) != std::end(kColumns)) {
    return true;
  }
  return std::any_of(std::begin(kTexts), std::end(kTexts), [column](absl::string_view text) {
    absl::string_view language = column;
    return absl::ConsumePrefix(&language, text) && absl::ConsumePrefix(&language, "_") &&
           IsLanguage(language);
  });
}

Organization ReadOrganization(const Cells& cells, absl::string_view place, Violations& violations) {
  CellReader reader(cells, place, violations);
  Organization organization{.id = OwnId(TextOf(cells, "id")),
                            .title = std::string(TextOf(cells, "title")),
                            .titles = TextsOf(cells, "title"),
                            .category = IdOf(TextOf(cells, "category")),
                            .description = std::string(TextOf(cells, "description")),
                            .descriptions = TextsOf(cells, "description"),
                            .website = std::string(TextOf(cells, "website")),
                            .socials = ListOf(cells, "socials"),
                            .address = std::string(TextOf(cells, "address")),
                            .location = reader.Location(),
                            .hours = reader.OpeningHours(),
                            .department = IdOf(TextOf(cells, "department")),
                            .attribution = std::string(TextOf(cells, "attribution")),
                            .made_up_fields = ListOf(cells, "madeUpFields")};
  if (organization.id.empty()) organization.id = MadeId(cells);
  for (const std::string& item : ListOf(cells, "phones")) {
    auto [number, purpose] = WithPurpose(item);
    organization.phones.push_back({.number = std::move(number), .purpose = std::move(purpose)});
  }
  for (const std::string& item : ListOf(cells, "emails")) {
    auto [address, purpose] = WithPurpose(item);
    organization.emails.push_back({.address = std::move(address), .purpose = std::move(purpose)});
  }
  for (const std::string& item : ListOf(cells, "districts")) {
    organization.districts.push_back(IdOf(item));
  }
  return organization;
}

Cells CellsOf(const Organization& organization) {
  const auto join = [](const auto& list, auto text) {
    return absl::StrJoin(list, absl::StrCat(kListSeparator, " "),
                         [&](std::string* out, const auto& item) { out->append(text(item)); });
  };
  const auto itself = [](const std::string& text) { return text; };
  Cells cells;
  SetCell(cells, "id", organization.id);
  SetCell(cells, "title", organization.title);
  SetTexts(cells, "title", organization.titles);
  SetCell(cells, "category", organization.category);
  SetCell(cells, "description", organization.description);
  SetTexts(cells, "description", organization.descriptions);
  SetCell(cells, "phones", join(organization.phones, [](const Phone& phone) {
            return JoinPurpose(phone.number, phone.purpose);
          }));
  SetCell(cells, "emails", join(organization.emails, [](const Email& email) {
            return JoinPurpose(email.address, email.purpose);
          }));
  SetCell(cells, "website", organization.website);
  SetCell(cells, "socials", join(organization.socials, itself));
  SetCell(cells, "address", organization.address);
  if (organization.location) {
    SetCell(cells, "latitude", absl::StrFormat("%.9g", organization.location->latitude));
    SetCell(cells, "longitude", absl::StrFormat("%.9g", organization.location->longitude));
  }
  if (organization.hours) SetCell(cells, "hours", FormatHoursText(*organization.hours));
  SetCell(cells, "districts", join(organization.districts, itself));
  SetCell(cells, "department", organization.department);
  SetCell(cells, "attribution", organization.attribution);
  SetCell(cells, "madeUpFields", join(organization.made_up_fields, itself));
  return cells;
}

}  // namespace veche::directory
