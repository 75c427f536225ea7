//! What AWS calls its regions, for whoever knows the place and not the code.

/// The city or area of each region of [`super::REPORT_REGIONS`], in the same order.
/// Source: <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html> and, for China,
/// <https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-Beijing.html>; letters without accents, to be typed.
const CITIES: [&str; super::REPORT_REGIONS.len()] = [
    "N. Virginia",
    "Ohio",
    "N. California",
    "Oregon",
    "Cape Town",
    "Hong Kong",
    "Tokyo",
    "Seoul",
    "Osaka",
    "Mumbai",
    "Hyderabad",
    "Singapore",
    "Sydney",
    "Jakarta",
    "Canada, central",
    "Frankfurt",
    "Zurich",
    "Stockholm",
    "Milan",
    "Spain",
    "Ireland",
    "London",
    "Paris",
    "United Arab Emirates",
    "Bahrain",
    "Sao Paulo",
    "Beijing",
    "Ningxia",
];

/// Every region that takes reports with its city or area.
pub fn regions_and_cities() -> impl Iterator<Item = (&'static str, &'static str)> {
    super::REPORT_REGIONS.into_iter().zip(CITIES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_region_has_the_city_that_aws_names() {
        let city = |code| regions_and_cities().find(|(region, _)| *region == code).map(|(_, city)| city);
        for (code, name) in [
            ("us-east-1", "N. Virginia"),
            ("ap-southeast-3", "Jakarta"),
            ("ca-central-1", "Canada, central"),
            ("eu-central-1", "Frankfurt"),
            ("eu-west-3", "Paris"),
            ("sa-east-1", "Sao Paulo"),
            ("cn-northwest-1", "Ningxia"),
        ] {
            assert_eq!(city(code), Some(name));
        }
    }
}
