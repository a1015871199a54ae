"""The reference of a service's API, for people: its OpenAPI document as a page."""
