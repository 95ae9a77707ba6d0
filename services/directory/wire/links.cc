#include "services/directory/wire/links.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "services/directory/domain/names.h"
#include "services/directory/domain/phone_number.h"

namespace veche::directory {
namespace {

// Six digits after the point are 11 cm.
std::string Degrees(double degrees) { return absl::StrFormat("%.6f", degrees); }

std::string ShareText(const Organization& organization, absl::string_view page) {
  std::string text = organization.title;
  for (const absl::string_view line :
       {absl::string_view(organization.address),
        organization.phones.empty() ? absl::string_view()
                                    : absl::string_view(organization.phones.front().number),
        page.empty() ? absl::string_view(organization.website) : page}) {
    if (!line.empty()) absl::StrAppend(&text, "\n", line);
  }
  return text;
}

}  // namespace

v1::Links LinksOf(const Organization& organization, const LinkOptions& options) {
  v1::Links links;
  for (const Phone& phone : organization.phones) links.add_tel(TelLink(phone.number));
  for (const Email& email : organization.emails) {
    links.add_mailto(absl::StrCat("mailto:", email.address));
  }
  if (organization.location) {
    const std::string latitude = Degrees(organization.location->latitude);
    const std::string longitude = Degrees(organization.location->longitude);
    links.set_geo(absl::StrCat("geo:", latitude, ",", longitude));
    links.set_route(absl::StrReplaceAll(options.route_link,
                                        {{"{latitude}", latitude}, {"{longitude}", longitude}}));
  }
  if (!options.public_url.empty()) {
    links.set_page(absl::StrCat(absl::StripSuffix(options.public_url, "/"), "/",
                                NameOf(kOrganizations, organization.id)));
  }
  links.set_share_text(ShareText(organization, links.page()));
  return links;
}

std::string ShareTextOf(const EService& service) {
  return absl::StrCat(service.title, "\n", service.link);
}

}  // namespace veche::directory
