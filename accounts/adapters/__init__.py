"""Where allauth asks this site's rules, one file for each of its apps."""
