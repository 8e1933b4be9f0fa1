"""The demo's minerals: invented smelters, declarations of suppliers, requests of customers."""
